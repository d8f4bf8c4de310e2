ALTER TABLE "movies" ADD COLUMN "rating_sum" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "movies" ADD COLUMN "rating_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "movies" ADD COLUMN "rating_rank" integer GENERATED ALWAYS AS (case when "movies"."rating_count" = 0 then 0 else ("movies"."rating_sum" + 15)::bigint * 100000 / ("movies"."rating_count" + 5) end) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "movies_by_rating" ON "movies" USING btree ("rating_rank","id");--> statement-breakpoint
ALTER TABLE "movies" ADD CONSTRAINT "movies_rating" CHECK ("movies"."rating_count" >= 0 and "movies"."rating_sum" between "movies"."rating_count" and 5 * "movies"."rating_count");--> statement-breakpoint
-- Written by hand: a movie carries what its lists are sorted by, also where it was reviewed before there was this column.
CREATE FUNCTION "rate_movie"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "movies" SET "rating_sum" = new."star_sum", "rating_count" = new."review_count" WHERE "id" = new."subject_id";
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "review_totals_rate_movie" AFTER INSERT OR UPDATE ON "review_totals" FOR EACH ROW EXECUTE FUNCTION "rate_movie"();
--> statement-breakpoint
UPDATE "movies" SET "rating_sum" = "star_sum", "rating_count" = "review_count" FROM "review_totals" WHERE "id" = "subject_id";
