CREATE TYPE "public"."upload_status" AS ENUM('PROCESSING', 'READY', 'FAILED');--> statement-breakpoint
CREATE TYPE "public"."upload_use" AS ENUM('AVATAR', 'COVER', 'PRODUCT_IMAGE', 'RECIPE_IMAGE', 'REVIEW_IMAGE', 'ATTACHMENT', 'SEALED_ATTACHMENT', 'RECEIPT', 'IMPORT');--> statement-breakpoint
CREATE TABLE "uploads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid,
	"use" "upload_use" NOT NULL,
	"is_image" boolean NOT NULL,
	"status" "upload_status" NOT NULL,
	"media_type" text NOT NULL,
	"filename" text NOT NULL,
	"bytes" bigint NOT NULL,
	"content_hash" text NOT NULL,
	"width" integer,
	"height" integer,
	"average_color" text,
	"problem" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"received_at" timestamp with time zone,
	"claimed_at" timestamp with time zone,
	"discarded_at" timestamp with time zone,
	CONSTRAINT "uploads_bytes" CHECK ("uploads"."bytes" >= 0),
	CONSTRAINT "uploads_received" CHECK ("uploads"."received_at" is not null or "uploads"."discarded_at" is not null),
	CONSTRAINT "uploads_image_has_size" CHECK (("uploads"."width" is null) = ("uploads"."height" is null) and "uploads"."is_image" = ("uploads"."width" is not null)),
	CONSTRAINT "uploads_problem" CHECK (("uploads"."problem" is not null) = ("uploads"."status" = 'FAILED'))
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "avatar_id" uuid;--> statement-breakpoint
ALTER TABLE "uploads" ADD CONSTRAINT "uploads_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "uploads_by_owner" ON "uploads" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "uploads_discarded" ON "uploads" USING btree ("discarded_at") WHERE "uploads"."discarded_at" is not null;--> statement-breakpoint
CREATE INDEX "uploads_unclaimed" ON "uploads" USING btree ("created_at") WHERE "uploads"."claimed_at" is null and "uploads"."discarded_at" is null;--> statement-breakpoint
CREATE INDEX "uploads_processing" ON "uploads" USING btree ("created_at") WHERE "uploads"."status" = 'PROCESSING';--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_avatar" ON "accounts" USING btree ("avatar_id");--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_one_avatar" CHECK ("accounts"."avatar_id" is null or "accounts"."avatar_url" is null);--> statement-breakpoint
CREATE FUNCTION "release_upload"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "gone" uuid := (to_jsonb(OLD) ->> TG_ARGV[0])::uuid;
  "is_shown" boolean;
BEGIN
  -- At the commit, so that a list may be replaced by one with some of the same.
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE %I = $1)', TG_TABLE_NAME, TG_ARGV[0]) INTO "is_shown" USING "gone";
  IF NOT "is_shown" THEN
    UPDATE "uploads" SET "discarded_at" = now() WHERE "id" = "gone" AND "discarded_at" IS NULL;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_avatar_id_uploads_id_fk" FOREIGN KEY ("avatar_id") REFERENCES "public"."uploads"("id");
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "accounts_release_upload" AFTER DELETE OR UPDATE OF "avatar_id" ON "accounts" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."avatar_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('avatar_id');
