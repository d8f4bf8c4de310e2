CREATE TYPE "public"."age_rating" AS ENUM('ALL', 'AGE_6', 'AGE_12', 'AGE_16', 'AGE_18');--> statement-breakpoint
CREATE TYPE "public"."seat_type" AS ENUM('STANDARD', 'PREMIUM', 'ACCESSIBLE', 'COUPLE');--> statement-breakpoint
CREATE TYPE "public"."showtime_status" AS ENUM('SCHEDULED', 'PAUSED', 'CANCELLED');--> statement-breakpoint
CREATE TYPE "public"."ticket_status" AS ENUM('RESERVED', 'VALID', 'CHECKED_IN', 'REFUNDED', 'RELEASED');--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'MOVIE';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'SHOWTIME';--> statement-breakpoint
CREATE TABLE "movie_cast" (
	"movie_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"name" text NOT NULL,
	"character" text DEFAULT '' NOT NULL,
	CONSTRAINT "movie_cast_movie_id_position_pk" PRIMARY KEY("movie_id","position")
);
--> statement-breakpoint
CREATE TABLE "movies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"synopsis" text DEFAULT '' NOT NULL,
	"director" text DEFAULT '' NOT NULL,
	"genres" text[] NOT NULL,
	"age_rating" "age_rating" DEFAULT 'ALL' NOT NULL,
	"running_time_minutes" smallint NOT NULL,
	"release_day" date NOT NULL,
	"last_day" date,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', "movies"."title"), 'A') || setweight(to_tsvector('simple', "movies"."director"), 'B') || setweight(to_tsvector('english', "movies"."synopsis"), 'C')) STORED NOT NULL,
	CONSTRAINT "movies_title_length" CHECK (char_length("movies"."title") between 1 and 200),
	CONSTRAINT "movies_running_time" CHECK ("movies"."running_time_minutes" between 1 and 900),
	CONSTRAINT "movies_run" CHECK ("movies"."last_day" is null or "movies"."last_day" >= "movies"."release_day")
);
--> statement-breakpoint
CREATE TABLE "screens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"theatre_id" uuid NOT NULL,
	"name" text NOT NULL,
	"cleaning_minutes" smallint NOT NULL,
	"allows_single_seats" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "screens_name_taken" UNIQUE("theatre_id","name"),
	CONSTRAINT "screens_of_theatre" UNIQUE("id","theatre_id"),
	CONSTRAINT "screens_cleaning" CHECK ("screens"."cleaning_minutes" between 0 and 240)
);
--> statement-breakpoint
CREATE TABLE "seat_claims" (
	"showtime_id" uuid NOT NULL,
	"seat_id" uuid NOT NULL,
	"screen_id" uuid NOT NULL,
	"hold_id" uuid NOT NULL,
	"claim_id" uuid NOT NULL,
	"cart_id" uuid,
	"order_id" uuid,
	"holder_id" uuid NOT NULL,
	"is_guest" boolean NOT NULL,
	"slot" smallint NOT NULL,
	"held_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	CONSTRAINT "seat_claims_once" PRIMARY KEY("showtime_id","seat_id"),
	CONSTRAINT "seat_claims_slot_once" UNIQUE("holder_id","showtime_id","slot"),
	CONSTRAINT "seat_claims_taken" CHECK ("seat_claims"."slot" > 0),
	CONSTRAINT "seat_claims_most" CHECK ("seat_claims"."slot" <= 10)
);
--> statement-breakpoint
CREATE TABLE "seats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"screen_id" uuid NOT NULL,
	"row_index" smallint NOT NULL,
	"column_index" smallint NOT NULL,
	"row" text NOT NULL,
	"number" smallint NOT NULL,
	"type" "seat_type" NOT NULL,
	"pair" smallint,
	"is_blocked" boolean DEFAULT false NOT NULL,
	CONSTRAINT "seats_one_place" UNIQUE("screen_id","row_index","column_index"),
	CONSTRAINT "seats_one_name" UNIQUE("screen_id","row","number"),
	CONSTRAINT "seats_of_screen" UNIQUE("id","screen_id"),
	CONSTRAINT "seats_pair" CHECK (("seats"."type" = 'COUPLE') = ("seats"."pair" is not null))
);
--> statement-breakpoint
CREATE TABLE "showtime_schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"movie_id" uuid NOT NULL,
	"screen_id" uuid NOT NULL,
	"local_time" time NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date NOT NULL,
	"weekdays" smallint[] NOT NULL,
	"currency" text NOT NULL,
	"standard_minor" integer NOT NULL,
	"premium_minor" integer NOT NULL,
	"accessible_minor" integer NOT NULL,
	"couple_minor" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "showtime_schedules_run" CHECK ("showtime_schedules"."last_day" >= "showtime_schedules"."first_day")
);
--> statement-breakpoint
CREATE TABLE "showtimes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"movie_id" uuid NOT NULL,
	"screen_id" uuid NOT NULL,
	"theatre_id" uuid NOT NULL,
	"schedule_id" uuid,
	"status" "showtime_status" DEFAULT 'SCHEDULED' NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"cleared_at" timestamp with time zone NOT NULL,
	"local_starts_at" timestamp NOT NULL,
	"local_day" date NOT NULL,
	"currency" text NOT NULL,
	"standard_minor" integer NOT NULL,
	"premium_minor" integer NOT NULL,
	"accessible_minor" integer NOT NULL,
	"couple_minor" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "showtimes_once_a_day" UNIQUE("schedule_id","local_day"),
	CONSTRAINT "showtimes_of_screen" UNIQUE("id","screen_id"),
	CONSTRAINT "showtimes_in_order" CHECK ("showtimes"."starts_at" < "showtimes"."ends_at" and "showtimes"."ends_at" <= "showtimes"."cleared_at"),
	CONSTRAINT "showtimes_prices" CHECK ("showtimes"."standard_minor" >= 0 and "showtimes"."premium_minor" >= 0 and "showtimes"."accessible_minor" >= 0 and "showtimes"."couple_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "theatres" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"city" text NOT NULL,
	"time_zone" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "theatres_name_taken" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"showtime_id" uuid NOT NULL,
	"seat_id" uuid NOT NULL,
	"screen_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"holder_id" uuid NOT NULL,
	"account_id" uuid,
	"status" "ticket_status" DEFAULT 'RESERVED' NOT NULL,
	"checked_in_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tickets_checked_in_has_time" CHECK (("tickets"."status" = 'CHECKED_IN') = ("tickets"."checked_in_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "movie_cast" ADD CONSTRAINT "movie_cast_movie_id_movies_id_fk" FOREIGN KEY ("movie_id") REFERENCES "public"."movies"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "movies" ADD CONSTRAINT "movies_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "screens" ADD CONSTRAINT "screens_theatre_id_theatres_id_fk" FOREIGN KEY ("theatre_id") REFERENCES "public"."theatres"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seat_claims" ADD CONSTRAINT "seat_claims_showtime_of_screen" FOREIGN KEY ("showtime_id","screen_id") REFERENCES "public"."showtimes"("id","screen_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seat_claims" ADD CONSTRAINT "seat_claims_seat_of_screen" FOREIGN KEY ("seat_id","screen_id") REFERENCES "public"."seats"("id","screen_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seats" ADD CONSTRAINT "seats_screen_id_screens_id_fk" FOREIGN KEY ("screen_id") REFERENCES "public"."screens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "showtime_schedules" ADD CONSTRAINT "showtime_schedules_movie_id_movies_id_fk" FOREIGN KEY ("movie_id") REFERENCES "public"."movies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "showtime_schedules" ADD CONSTRAINT "showtime_schedules_screen_id_screens_id_fk" FOREIGN KEY ("screen_id") REFERENCES "public"."screens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "showtimes" ADD CONSTRAINT "showtimes_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "showtimes" ADD CONSTRAINT "showtimes_movie_id_movies_id_fk" FOREIGN KEY ("movie_id") REFERENCES "public"."movies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "showtimes" ADD CONSTRAINT "showtimes_schedule_id_showtime_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."showtime_schedules"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "showtimes" ADD CONSTRAINT "showtimes_screen_of_theatre" FOREIGN KEY ("screen_id","theatre_id") REFERENCES "public"."screens"("id","theatre_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_showtime_of_screen" FOREIGN KEY ("showtime_id","screen_id") REFERENCES "public"."showtimes"("id","screen_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_seat_of_screen" FOREIGN KEY ("seat_id","screen_id") REFERENCES "public"."seats"("id","screen_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "movie_cast_by_name" ON "movie_cast" USING btree (lower("name"),"movie_id");--> statement-breakpoint
CREATE INDEX "movies_newest" ON "movies" USING btree ("release_day","id");--> statement-breakpoint
CREATE INDEX "movies_by_title" ON "movies" USING btree ("title","id");--> statement-breakpoint
CREATE INDEX "movies_search" ON "movies" USING gin ("search") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "movies_by_genre" ON "movies" USING gin ("genres") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "seat_claims_by_cart" ON "seat_claims" USING btree ("cart_id") WHERE "seat_claims"."cart_id" is not null;--> statement-breakpoint
CREATE INDEX "showtime_schedules_by_screen" ON "showtime_schedules" USING btree ("screen_id");--> statement-breakpoint
CREATE INDEX "showtime_schedules_by_movie" ON "showtime_schedules" USING btree ("movie_id");--> statement-breakpoint
CREATE INDEX "showtime_schedules_newest" ON "showtime_schedules" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "showtimes_next" ON "showtimes" USING btree ("starts_at","id") WHERE "showtimes"."status" <> 'CANCELLED';--> statement-breakpoint
CREATE INDEX "showtimes_next_by_movie" ON "showtimes" USING btree ("movie_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "showtimes_next_by_theatre" ON "showtimes" USING btree ("theatre_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "showtimes_next_by_screen" ON "showtimes" USING btree ("screen_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "showtimes_by_day" ON "showtimes" USING btree ("local_day","movie_id") WHERE "showtimes"."status" <> 'CANCELLED';--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_one_for_a_seat" ON "tickets" USING btree ("showtime_id","seat_id") WHERE "tickets"."status" in ('VALID', 'CHECKED_IN');--> statement-breakpoint
CREATE INDEX "tickets_by_order" ON "tickets" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "tickets_newest_by_account" ON "tickets" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS btree_gist;--> statement-breakpoint
ALTER TABLE "showtimes" ADD CONSTRAINT "showtimes_screen_busy" EXCLUDE USING gist ("screen_id" WITH =, tstzrange("starts_at", "cleared_at") WITH &&) WHERE ("status" <> 'CANCELLED');
