ALTER TABLE "message_attachments" DROP CONSTRAINT "message_attachments_one_thing";--> statement-breakpoint
ALTER TABLE "product_images" ALTER COLUMN "url" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "posts" ADD COLUMN "cover_id" uuid;--> statement-breakpoint
ALTER TABLE "message_attachments" ADD COLUMN "upload_id" uuid;--> statement-breakpoint
ALTER TABLE "message_attachments" ADD COLUMN "alt" text;--> statement-breakpoint
ALTER TABLE "product_images" ADD COLUMN "upload_id" uuid;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_cover_id_uploads_id_fk" FOREIGN KEY ("cover_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_attachments" ADD CONSTRAINT "message_attachments_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_images" ADD CONSTRAINT "product_images_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_cover_once" UNIQUE("cover_id");--> statement-breakpoint
ALTER TABLE "message_attachments" ADD CONSTRAINT "message_attachments_upload_once" UNIQUE("upload_id");--> statement-breakpoint
ALTER TABLE "product_images" ADD CONSTRAINT "product_images_upload_once" UNIQUE("upload_id");--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_one_cover" CHECK ("posts"."cover_id" is null or "posts"."cover_url" is null);--> statement-breakpoint
ALTER TABLE "message_attachments" ADD CONSTRAINT "message_attachments_alt" CHECK ("message_attachments"."alt" is null or "message_attachments"."upload_id" is not null);--> statement-breakpoint
ALTER TABLE "message_attachments" ADD CONSTRAINT "message_attachments_one_thing" CHECK (num_nonnulls("message_attachments"."subject_id", "message_attachments"."url", "message_attachments"."upload_id") <= 1);--> statement-breakpoint
ALTER TABLE "product_images" ADD CONSTRAINT "product_images_one_source" CHECK (num_nonnulls("product_images"."url", "product_images"."upload_id") = 1);--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "posts_release_upload" AFTER DELETE OR UPDATE OF "cover_id" ON "posts" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."cover_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('cover_id');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "product_images_release_upload" AFTER DELETE OR UPDATE OF "upload_id" ON "product_images" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."upload_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('upload_id');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "message_attachments_release_upload" AFTER DELETE OR UPDATE OF "upload_id" ON "message_attachments" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."upload_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('upload_id');
