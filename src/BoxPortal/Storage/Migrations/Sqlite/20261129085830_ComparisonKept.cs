using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ComparisonKept : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ComparedAt",
                table: "ChangeSets",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NotCome",
                table: "ChangeSets",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NotForetold",
                table: "ChangeSets",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ComparedAt",
                table: "ChangeSets");

            migrationBuilder.DropColumn(
                name: "NotCome",
                table: "ChangeSets");

            migrationBuilder.DropColumn(
                name: "NotForetold",
                table: "ChangeSets");
        }
    }
}
