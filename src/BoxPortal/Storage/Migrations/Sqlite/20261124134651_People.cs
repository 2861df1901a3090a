using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BoxPortal.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class People : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "After",
                table: "AuditEntries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Before",
                table: "AuditEntries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Reason",
                table: "AuditEntries",
                type: "TEXT",
                nullable: true);

            // A number becomes the primary key, for the full-text index to point at; SQLite changes no key in place.
            migrationBuilder.Sql("""
                DROP INDEX "IX_AppUserMappings_State_Name";
                DROP INDEX "IX_AppUserMappings_AppUserId";
                DROP INDEX "IX_AppUserMappings_Reference";
                ALTER TABLE "AppUserMappings" RENAME TO "FormerMappings";
                CREATE TABLE "AppUserMappings" (
                    "Number" INTEGER NOT NULL CONSTRAINT "PK_AppUserMappings" PRIMARY KEY AUTOINCREMENT,
                    "TenantId" TEXT NOT NULL,
                    "ObjectId" TEXT NOT NULL,
                    "Name" TEXT COLLATE NOCASE NOT NULL,
                    "UserName" TEXT COLLATE NOCASE NOT NULL,
                    "Mail" TEXT COLLATE NOCASE NULL,
                    "State" TEXT NOT NULL,
                    "Cause" TEXT NOT NULL,
                    "AppUserId" TEXT NULL,
                    "IsSuspendedHere" INTEGER NOT NULL,
                    "SuggestedAppUserId" TEXT NULL,
                    "SuggestionScore" INTEGER NULL,
                    "SuggestionReason" TEXT NULL,
                    "WaitingSince" INTEGER NULL,
                    "LastSignInAt" INTEGER NULL,
                    "IsAdministrator" INTEGER NOT NULL,
                    "UpdatedAt" INTEGER NOT NULL,
                    "Reference" TEXT NOT NULL,
                    "Version" INTEGER NOT NULL,
                    "Rank" INTEGER NOT NULL
                );
                INSERT INTO "AppUserMappings" ("TenantId", "ObjectId", "Name", "UserName", "State", "Cause", "AppUserId", "IsSuspendedHere",
                    "WaitingSince", "LastSignInAt", "IsAdministrator", "UpdatedAt", "Reference", "Version", "Rank")
                SELECT "TenantId", "ObjectId", "Name", "UserName", "State", "Cause", "AppUserId", 0,
                    "WaitingSince", "LastSignInAt", "IsAdministrator", "UpdatedAt", "Reference", "Version", CASE "State" WHEN 'Waiting' THEN 0 ELSE 1 END
                FROM "FormerMappings" ORDER BY "Name";
                DROP TABLE "FormerMappings";
                CREATE UNIQUE INDEX "IX_AppUserMappings_AppUserId" ON "AppUserMappings" ("AppUserId");
                CREATE UNIQUE INDEX "IX_AppUserMappings_Reference" ON "AppUserMappings" ("Reference");
                """);

            // Finds people by any part of what they are called, three letters or more, without reading everybody.
            migrationBuilder.Sql("""
                CREATE VIRTUAL TABLE "PeopleText" USING fts5("Text", tokenize = "trigram remove_diacritics 1");
                INSERT INTO "PeopleText" (rowid, "Text")
                SELECT "Number", concat_ws(char(10), "Name", "UserName", "Mail", "AppUserId", "ObjectId", "Reference") FROM "AppUserMappings";
                CREATE TRIGGER "AppUserMappings_Inserted" AFTER INSERT ON "AppUserMappings" BEGIN
                    INSERT INTO "PeopleText" (rowid, "Text")
                    VALUES (new."Number", concat_ws(char(10), new."Name", new."UserName", new."Mail", new."AppUserId", new."ObjectId", new."Reference"));
                END;
                CREATE TRIGGER "AppUserMappings_Updated" AFTER UPDATE ON "AppUserMappings"
                WHEN (old."Name", old."UserName", old."Mail", old."AppUserId") IS NOT (new."Name", new."UserName", new."Mail", new."AppUserId") BEGIN
                    UPDATE "PeopleText" SET "Text" = concat_ws(char(10), new."Name", new."UserName", new."Mail", new."AppUserId", new."ObjectId", new."Reference")
                    WHERE rowid = new."Number";
                END;
                CREATE TRIGGER "AppUserMappings_Deleted" AFTER DELETE ON "AppUserMappings" BEGIN
                    DELETE FROM "PeopleText" WHERE rowid = old."Number";
                END;
                """);

            // The record is written once. Whoever has the file can still rewrite it; no code of the portal can.
            migrationBuilder.Sql("""
                CREATE TRIGGER "AuditEntries_Unchanged" BEFORE UPDATE ON "AuditEntries" BEGIN
                    SELECT RAISE(ABORT, 'The record is never changed.');
                END;
                CREATE TRIGGER "AuditEntries_NotReplaced" BEFORE INSERT ON "AuditEntries"
                WHEN EXISTS (SELECT 1 FROM "AuditEntries" WHERE "Id" = new."Id") BEGIN
                    SELECT RAISE(ABORT, 'The record is never changed.');
                END;
                CREATE TRIGGER "AuditEntries_Kept" BEFORE DELETE ON "AuditEntries" BEGIN
                    SELECT RAISE(ABORT, 'Nothing leaves the record.');
                END;
                """);

            migrationBuilder.CreateTable(
                name: "AppUserChanges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Act = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    TenantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ObjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppUserId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    UndoesId = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenVersion = table.Column<int>(type: "INTEGER", nullable: true),
                    Actor = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    ActorId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    AskedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CorrelationId = table.Column<string>(type: "TEXT", nullable: true),
                    JobId = table.Column<long>(type: "INTEGER", nullable: true),
                    Line = table.Column<int>(type: "INTEGER", nullable: true),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    MakesAppUser = table.Column<bool>(type: "INTEGER", nullable: false),
                    FormerState = table.Column<string>(type: "TEXT", maxLength: 16, nullable: true),
                    FormerAppUserId = table.Column<string>(type: "TEXT", maxLength: 32, nullable: true),
                    VersionAfter = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AppUserChanges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "KnownAppUsers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false, collation: "NOCASE"),
                    Mail = table.Column<string>(type: "TEXT", maxLength: 256, nullable: true, collation: "NOCASE"),
                    ExternalId = table.Column<string>(type: "TEXT", nullable: true),
                    IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KnownAppUsers", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_IsAdministrator",
                table: "AppUserMappings",
                column: "IsAdministrator",
                filter: "\"IsAdministrator\"");

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_LastSignInAt_Number",
                table: "AppUserMappings",
                columns: new[] { "LastSignInAt", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_Mail",
                table: "AppUserMappings",
                column: "Mail");

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_Name_Number",
                table: "AppUserMappings",
                columns: new[] { "Name", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_Rank_Name_Number",
                table: "AppUserMappings",
                columns: new[] { "Rank", "Name", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_State_Name_Number",
                table: "AppUserMappings",
                columns: new[] { "State", "Name", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_SuggestionScore_Name_Number",
                table: "AppUserMappings",
                columns: new[] { "SuggestionScore", "Name", "Number" },
                filter: "\"SuggestedAppUserId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_TenantId_ObjectId",
                table: "AppUserMappings",
                columns: new[] { "TenantId", "ObjectId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AppUserMappings_UserName",
                table: "AppUserMappings",
                column: "UserName");

            migrationBuilder.CreateIndex(
                name: "IX_AppUserChanges_JobId_Stage_Line",
                table: "AppUserChanges",
                columns: new[] { "JobId", "Stage", "Line" });

            migrationBuilder.CreateIndex(
                name: "IX_AppUserChanges_Open",
                table: "AppUserChanges",
                column: "Id",
                filter: "\"Stage\" = 'Asked'");

            migrationBuilder.CreateIndex(
                name: "IX_AppUserChanges_TenantId_ObjectId_Id",
                table: "AppUserChanges",
                columns: new[] { "TenantId", "ObjectId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_KnownAppUsers_ExternalId",
                table: "KnownAppUsers",
                column: "ExternalId");

            migrationBuilder.CreateIndex(
                name: "IX_KnownAppUsers_Mail",
                table: "KnownAppUsers",
                column: "Mail");

            migrationBuilder.CreateIndex(
                name: "IX_KnownAppUsers_Name",
                table: "KnownAppUsers",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_KnownAppUsers_SeenAt",
                table: "KnownAppUsers",
                column: "SeenAt");
        }
    }
}
