using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class PeopleCounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "PeopleCounts",
                columns: table => new
                {
                    State = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    People = table.Column<int>(type: "INTEGER", nullable: false),
                    Suggested = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PeopleCounts", x => x.State);
                });

            migrationBuilder.Sql("""
                INSERT INTO "PeopleCounts" ("State", "People", "Suggested")
                SELECT "State", count(*), count("SuggestedAppUserId") FROM "AppUserMappings" GROUP BY "State";
                CREATE TRIGGER "AppUserMappings_CountedIn" AFTER INSERT ON "AppUserMappings" BEGIN
                    INSERT INTO "PeopleCounts" ("State", "People", "Suggested") VALUES (new."State", 1, new."SuggestedAppUserId" IS NOT NULL)
                    ON CONFLICT ("State") DO UPDATE SET "People" = "People" + 1, "Suggested" = "Suggested" + excluded."Suggested";
                END;
                CREATE TRIGGER "AppUserMappings_Recounted" AFTER UPDATE OF "State", "SuggestedAppUserId" ON "AppUserMappings"
                WHEN (old."State", old."SuggestedAppUserId" IS NULL) IS NOT (new."State", new."SuggestedAppUserId" IS NULL) BEGIN
                    UPDATE "PeopleCounts" SET "People" = "People" - 1, "Suggested" = "Suggested" - (old."SuggestedAppUserId" IS NOT NULL)
                    WHERE "State" = old."State";
                    INSERT INTO "PeopleCounts" ("State", "People", "Suggested") VALUES (new."State", 1, new."SuggestedAppUserId" IS NOT NULL)
                    ON CONFLICT ("State") DO UPDATE SET "People" = "People" + 1, "Suggested" = "Suggested" + excluded."Suggested";
                END;
                CREATE TRIGGER "AppUserMappings_CountedOut" AFTER DELETE ON "AppUserMappings" BEGIN
                    UPDATE "PeopleCounts" SET "People" = "People" - 1, "Suggested" = "Suggested" - (old."SuggestedAppUserId" IS NOT NULL)
                    WHERE "State" = old."State";
                END;
                """);
        }
    }
}
