using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class GroupDrift : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Description",
                table: "KeptGroups",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Name",
                table: "KeptGroups",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "NamedAt",
                table: "KeptGroups",
                type: "INTEGER",
                nullable: true);

            // SQLite cannot change a key; nothing refers to this table, so it is made anew by hand, in the migration's transaction.
            migrationBuilder.Sql("""
                CREATE TABLE "NewDriftVerdicts" (
                    "GroupId" TEXT NOT NULL,
                    "AppUserId" TEXT NOT NULL,
                    "FolderId" TEXT NOT NULL DEFAULT '',
                    "IsAdopted" INTEGER NOT NULL,
                    "Kind" TEXT NOT NULL,
                    "BoxId" TEXT NULL,
                    "RoleInBox" TEXT NULL,
                    "InBox" TEXT NULL,
                    "Since" INTEGER NOT NULL,
                    "By" TEXT NOT NULL,
                    "Reason" TEXT NOT NULL,
                    CONSTRAINT "PK_DriftVerdicts" PRIMARY KEY ("GroupId", "AppUserId", "FolderId", "IsAdopted")
                );
                INSERT INTO "NewDriftVerdicts" ("GroupId", "AppUserId", "IsAdopted", "Kind", "BoxId", "RoleInBox", "Since", "By", "Reason")
                    SELECT "GroupId", "AppUserId", "IsAdopted", "Kind", "BoxId", "RoleInBox", "Since", "By", "Reason" FROM "DriftVerdicts";
                DROP TABLE "DriftVerdicts";
                ALTER TABLE "NewDriftVerdicts" RENAME TO "DriftVerdicts";
                """);

            migrationBuilder.CreateTable(
                name: "KeptFolders",
                columns: table => new
                {
                    GroupId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    FolderId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Role = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeptFolders", x => new { x.GroupId, x.FolderId });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "KeptFolders");

            migrationBuilder.DropPrimaryKey(
                name: "PK_DriftVerdicts",
                table: "DriftVerdicts");

            migrationBuilder.DropColumn(
                name: "Description",
                table: "KeptGroups");

            migrationBuilder.DropColumn(
                name: "Name",
                table: "KeptGroups");

            migrationBuilder.DropColumn(
                name: "NamedAt",
                table: "KeptGroups");

            migrationBuilder.DropColumn(
                name: "FolderId",
                table: "DriftVerdicts");

            migrationBuilder.DropColumn(
                name: "InBox",
                table: "DriftVerdicts");

            migrationBuilder.AddPrimaryKey(
                name: "PK_DriftVerdicts",
                table: "DriftVerdicts",
                columns: new[] { "GroupId", "AppUserId", "IsAdopted" });
        }
    }
}
