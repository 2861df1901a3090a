using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DriftVerdicts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DriftVerdicts",
                columns: table => new
                {
                    GroupId = table.Column<string>(type: "TEXT", nullable: false),
                    AppUserId = table.Column<string>(type: "TEXT", nullable: false),
                    IsAdopted = table.Column<bool>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    BoxId = table.Column<string>(type: "TEXT", nullable: true),
                    RoleInBox = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    Since = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DriftVerdicts", x => new { x.GroupId, x.AppUserId, x.IsAdopted });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DriftVerdicts");
        }
    }
}
