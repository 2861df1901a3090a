using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Groups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ChangeSets",
                columns: table => new
                {
                    JobId = table.Column<long>(type: "INTEGER", nullable: false),
                    IsByOwner = table.Column<bool>(type: "INTEGER", nullable: false),
                    Brake = table.Column<string>(type: "TEXT", nullable: true),
                    ApproverId = table.Column<Guid>(type: "TEXT", nullable: true),
                    ApproverName = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true),
                    ApprovedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Rehearsed = table.Column<string>(type: "TEXT", nullable: true),
                    LeftOut = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChangeSets", x => x.JobId);
                    table.ForeignKey(
                        name: "FK_ChangeSets_Jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "Jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "GroupChanges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    JobId = table.Column<long>(type: "INTEGER", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Act = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    GroupId = table.Column<string>(type: "TEXT", nullable: false),
                    GroupName = table.Column<string>(type: "TEXT", nullable: false),
                    AppUserId = table.Column<string>(type: "TEXT", nullable: true),
                    MemberName = table.Column<string>(type: "TEXT", nullable: true),
                    FolderId = table.Column<string>(type: "TEXT", nullable: true),
                    FolderName = table.Column<string>(type: "TEXT", nullable: true),
                    MemberRole = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    FolderRole = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    Name = table.Column<string>(type: "TEXT", nullable: true),
                    Description = table.Column<string>(type: "TEXT", nullable: true),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    BoxId = table.Column<string>(type: "TEXT", nullable: true),
                    UndoesId = table.Column<long>(type: "INTEGER", nullable: true),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    IsBegun = table.Column<bool>(type: "INTEGER", nullable: false),
                    HasChanged = table.Column<bool>(type: "INTEGER", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    BoxCode = table.Column<string>(type: "TEXT", nullable: true),
                    BoxRequestId = table.Column<string>(type: "TEXT", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    FormerMemberRole = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    FormerFolderRole = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    FormerSources = table.Column<string>(type: "TEXT", nullable: true),
                    Former = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GroupChanges", x => x.Id);
                    table.ForeignKey(
                        name: "FK_GroupChanges_Jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "Jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "GroupOwners",
                columns: table => new
                {
                    GroupId = table.Column<string>(type: "TEXT", nullable: false),
                    TenantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ObjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GroupOwners", x => new { x.GroupId, x.TenantId, x.ObjectId });
                });

            migrationBuilder.CreateTable(
                name: "MembershipSources",
                columns: table => new
                {
                    GroupId = table.Column<string>(type: "TEXT", nullable: false),
                    AppUserId = table.Column<string>(type: "TEXT", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MembershipSources", x => new { x.GroupId, x.AppUserId, x.Source });
                });

            migrationBuilder.CreateTable(
                name: "Protections",
                columns: table => new
                {
                    BoxId = table.Column<string>(type: "TEXT", nullable: false),
                    IsGroup = table.Column<bool>(type: "INTEGER", nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Protections", x => new { x.BoxId, x.IsGroup });
                });

            migrationBuilder.CreateIndex(
                name: "IX_GroupChanges_AppUserId_Id",
                table: "GroupChanges",
                columns: new[] { "AppUserId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_GroupChanges_GroupId_Id",
                table: "GroupChanges",
                columns: new[] { "GroupId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_GroupChanges_JobId_Stage_Number",
                table: "GroupChanges",
                columns: new[] { "JobId", "Stage", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_GroupChanges_UndoesId",
                table: "GroupChanges",
                column: "UndoesId",
                filter: "\"UndoesId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_GroupOwners_TenantId_ObjectId",
                table: "GroupOwners",
                columns: new[] { "TenantId", "ObjectId" });

            migrationBuilder.CreateIndex(
                name: "IX_MembershipSources_AppUserId",
                table: "MembershipSources",
                column: "AppUserId");

            migrationBuilder.CreateIndex(
                name: "IX_MembershipSources_Source",
                table: "MembershipSources",
                column: "Source");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ChangeSets");

            migrationBuilder.DropTable(
                name: "GroupChanges");

            migrationBuilder.DropTable(
                name: "GroupOwners");

            migrationBuilder.DropTable(
                name: "MembershipSources");

            migrationBuilder.DropTable(
                name: "Protections");
        }
    }
}
