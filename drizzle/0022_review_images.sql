CREATE TABLE "review_images" (
	"review_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"upload_id" uuid NOT NULL,
	"alt" text NOT NULL,
	CONSTRAINT "review_images_in_order" PRIMARY KEY("review_id","position"),
	CONSTRAINT "review_images_once" UNIQUE("upload_id"),
	CONSTRAINT "review_images_most" CHECK ("review_images"."position" between 0 and 4)
);
--> statement-breakpoint
ALTER TABLE "review_images" ADD CONSTRAINT "review_images_review_id_reviews_id_fk" FOREIGN KEY ("review_id") REFERENCES "public"."reviews"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_images" ADD CONSTRAINT "review_images_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "showtimes_by_time" ON "showtimes" USING btree ("starts_at","id");--> statement-breakpoint
CREATE INDEX "disputes_by_status" ON "disputes" USING btree ("status","created_at","id");--> statement-breakpoint
CREATE INDEX "coupons_by_text" ON "coupons" USING gin (("code" || ' ' || "description") gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "products_in_name_order" ON "products" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "products_by_name" ON "products" USING gin (("name" || ' ' || "brand") gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "variants_by_sku" ON "variants" USING gin ("sku" gin_trgm_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "review_images_release_upload" AFTER DELETE OR UPDATE OF "upload_id" ON "review_images" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."upload_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('upload_id');
