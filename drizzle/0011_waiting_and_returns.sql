CREATE TYPE "public"."waitlist_status" AS ENUM('WAITING', 'OFFERED', 'BOOKED', 'EXPIRED', 'LEFT');--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'SHOWTIME_CANCELLED';--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'SEATS_OFFERED';--> statement-breakpoint
CREATE TABLE "waitlist_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"showtime_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"seat_count" smallint NOT NULL,
	"seat_type" "seat_type",
	"status" "waitlist_status" DEFAULT 'WAITING' NOT NULL,
	"place" bigint GENERATED ALWAYS AS IDENTITY (sequence name "waitlist_entries_place_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hold_id" uuid,
	"offered_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "waitlist_seats" CHECK ("waitlist_entries"."seat_count" between 1 and 10),
	CONSTRAINT "waitlist_offer" CHECK (("waitlist_entries"."hold_id" is null) = ("waitlist_entries"."offered_at" is null) and ("waitlist_entries"."status" <> 'OFFERED' or "waitlist_entries"."hold_id" is not null) and ("waitlist_entries"."status" <> 'WAITING' or "waitlist_entries"."hold_id" is null))
);
--> statement-breakpoint
ALTER TABLE "tickets" DROP CONSTRAINT "tickets_checked_in_has_time";--> statement-breakpoint
ALTER TABLE "theatres" ADD COLUMN "cancellation_minutes" smallint DEFAULT 60 NOT NULL;--> statement-breakpoint
ALTER TABLE "waitlist_entries" ADD CONSTRAINT "waitlist_entries_showtime_id_showtimes_id_fk" FOREIGN KEY ("showtime_id") REFERENCES "public"."showtimes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waitlist_entries" ADD CONSTRAINT "waitlist_entries_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "waitlist_once" ON "waitlist_entries" USING btree ("showtime_id","account_id") WHERE "waitlist_entries"."status" in ('WAITING', 'OFFERED');--> statement-breakpoint
CREATE INDEX "waitlist_line" ON "waitlist_entries" USING btree ("showtime_id","place") WHERE "waitlist_entries"."status" in ('WAITING', 'OFFERED');--> statement-breakpoint
CREATE INDEX "waitlist_newest_by_account" ON "waitlist_entries" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "tickets_by_showtime" ON "tickets" USING btree ("showtime_id","status","order_id");--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_checked_in_has_time" CHECK (case "tickets"."status" when 'CHECKED_IN' then "tickets"."checked_in_at" is not null when 'REFUNDED' then true else "tickets"."checked_in_at" is null end);--> statement-breakpoint
ALTER TABLE "theatres" ADD CONSTRAINT "theatres_cancellation" CHECK ("theatres"."cancellation_minutes" between 0 and 20160);