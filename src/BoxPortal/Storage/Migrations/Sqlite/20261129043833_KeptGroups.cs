using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class KeptGroups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Role",
                table: "MembershipSources",
                type: "TEXT",
                maxLength: 16,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "KeptGroups",
                columns: table => new
                {
                    GroupId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    IsNoted = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeptGroups", x => x.GroupId);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "KeptGroups");

            migrationBuilder.DropColumn(
                name: "Role",
                table: "MembershipSources");
        }
    }
}
