CREATE TYPE "public"."review_state" AS ENUM('VISIBLE', 'HELD', 'REMOVED', 'DELETED');--> statement-breakpoint
-- Written by hand: a value that is added to a type cannot be used in the same run, and the products and orders that are
-- there need their subjects now. A type that is made anew has all its values at once.
ALTER TYPE "public"."subject_kind" RENAME TO "subject_kind_before";--> statement-breakpoint
CREATE TYPE "public"."subject_kind" AS ENUM('POST', 'COMMENT', 'POLL', 'ROOM', 'MESSAGE', 'SURVEY', 'MOVIE', 'SHOWTIME', 'REVIEW', 'PRODUCT', 'ORDER');--> statement-breakpoint
ALTER TABLE "subjects" ALTER COLUMN "kind" TYPE "public"."subject_kind" USING "kind"::text::"public"."subject_kind";--> statement-breakpoint
DROP TYPE "public"."subject_kind_before";--> statement-breakpoint
INSERT INTO "subjects" ("id", "kind", "created_at") SELECT "id", 'PRODUCT'::"public"."subject_kind", "created_at" FROM "products" UNION ALL SELECT "id", 'ORDER'::"public"."subject_kind", "created_at" FROM "orders";--> statement-breakpoint
CREATE TABLE "review_totals" (
	"subject_id" uuid PRIMARY KEY NOT NULL,
	"one" integer DEFAULT 0 NOT NULL,
	"two" integer DEFAULT 0 NOT NULL,
	"three" integer DEFAULT 0 NOT NULL,
	"four" integer DEFAULT 0 NOT NULL,
	"five" integer DEFAULT 0 NOT NULL,
	"review_count" integer GENERATED ALWAYS AS ("review_totals"."one" + "review_totals"."two" + "review_totals"."three" + "review_totals"."four" + "review_totals"."five") STORED NOT NULL,
	"star_sum" integer GENERATED ALWAYS AS ("review_totals"."one" + 2 * "review_totals"."two" + 3 * "review_totals"."three" + 4 * "review_totals"."four" + 5 * "review_totals"."five") STORED NOT NULL,
	CONSTRAINT "review_totals_counts" CHECK (least("review_totals"."one", "review_totals"."two", "review_totals"."three", "review_totals"."four", "review_totals"."five") >= 0)
);
--> statement-breakpoint
CREATE TABLE "reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"stars" integer NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"text_html" text DEFAULT '' NOT NULL,
	"state" "review_state" DEFAULT 'VISIBLE' NOT NULL,
	"helpful_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp with time zone,
	CONSTRAINT "reviews_once" UNIQUE("subject_id","author_id"),
	CONSTRAINT "reviews_stars" CHECK ("reviews"."stars" between 1 and 5),
	CONSTRAINT "reviews_helpful" CHECK ("reviews"."helpful_count" >= 0),
	CONSTRAINT "reviews_deleted_is_empty" CHECK ("reviews"."state" <> 'DELETED' or ("reviews"."text" = '' and "reviews"."text_html" = ''))
);
--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "average_hundredths" integer GENERATED ALWAYS AS (case when "products"."rating_count" = 0 then 0 else "products"."rating_sum"::bigint * 100 / "products"."rating_count" end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "rating_rank" integer GENERATED ALWAYS AS (case when "products"."rating_count" = 0 then 0 else ("products"."rating_sum" + 15)::bigint * 100000 / ("products"."rating_count" + 5) end) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "review_totals" ADD CONSTRAINT "review_totals_subject_id_subjects_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_subject_id_subjects_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_author_id_accounts_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reviews_newest" ON "reviews" USING btree ("subject_id","created_at","id") WHERE "reviews"."state" = 'VISIBLE';--> statement-breakpoint
CREATE INDEX "reviews_by_stars" ON "reviews" USING btree ("subject_id","stars","created_at","id") WHERE "reviews"."state" = 'VISIBLE';--> statement-breakpoint
CREATE INDEX "reviews_most_helpful" ON "reviews" USING btree ("subject_id","helpful_count","created_at","id") WHERE "reviews"."state" = 'VISIBLE';--> statement-breakpoint
CREATE INDEX "reviews_by_author" ON "reviews" USING btree ("author_id","created_at");--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "products_by_rating" ON "products" USING btree ("rating_rank","id") WHERE "products"."status" = 'ACTIVE';--> statement-breakpoint
CREATE INDEX "products_by_average" ON "products" USING btree ("average_hundredths") WHERE "products"."status" = 'ACTIVE';--> statement-breakpoint
-- Written by hand: the database counts the visible reviews of a thing, and a product carries what its lists are sorted by.
CREATE FUNCTION "count_review"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'UPDATE' AND (new."stars", new."state") = (old."stars", old."state") THEN
		RETURN NULL;
	END IF;
	IF tg_op <> 'INSERT' AND old."state" = 'VISIBLE' THEN
		UPDATE "review_totals" SET "one" = "one" - (old."stars" = 1)::int, "two" = "two" - (old."stars" = 2)::int,
			"three" = "three" - (old."stars" = 3)::int, "four" = "four" - (old."stars" = 4)::int, "five" = "five" - (old."stars" = 5)::int
			WHERE "subject_id" = old."subject_id";
	END IF;
	IF tg_op <> 'DELETE' AND new."state" = 'VISIBLE' THEN
		INSERT INTO "review_totals" AS total ("subject_id", "one", "two", "three", "four", "five")
			VALUES (new."subject_id", (new."stars" = 1)::int, (new."stars" = 2)::int, (new."stars" = 3)::int, (new."stars" = 4)::int, (new."stars" = 5)::int)
			ON CONFLICT ("subject_id") DO UPDATE SET "one" = total."one" + excluded."one", "two" = total."two" + excluded."two",
				"three" = total."three" + excluded."three", "four" = total."four" + excluded."four", "five" = total."five" + excluded."five";
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "reviews_are_counted" AFTER INSERT OR UPDATE OF "stars", "state" OR DELETE ON "reviews" FOR EACH ROW EXECUTE FUNCTION "count_review"();
--> statement-breakpoint
CREATE FUNCTION "rate_product"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "products" SET "rating_sum" = new."star_sum", "rating_count" = new."review_count" WHERE "id" = new."subject_id";
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "review_totals_rate_product" AFTER INSERT OR UPDATE ON "review_totals" FOR EACH ROW EXECUTE FUNCTION "rate_product"();
--> statement-breakpoint
CREATE FUNCTION "count_helpful"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'INSERT' THEN
		UPDATE "reviews" SET "helpful_count" = "helpful_count" + 1 WHERE "id" = new."subject_id";
	ELSE
		UPDATE "reviews" SET "helpful_count" = "helpful_count" - 1 WHERE "id" = old."subject_id";
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "reactions_count_as_helpful" AFTER INSERT ON "reactions" FOR EACH ROW WHEN (new."kind" = 'LIKE') EXECUTE FUNCTION "count_helpful"();
--> statement-breakpoint
CREATE TRIGGER "reactions_taken_back_do_not" AFTER DELETE ON "reactions" FOR EACH ROW WHEN (old."kind" = 'LIKE') EXECUTE FUNCTION "count_helpful"();
