CREATE TYPE "public"."dispute_status" AS ENUM('OPEN', 'WON', 'LOST');--> statement-breakpoint
ALTER TYPE "public"."refund_status" ADD VALUE 'STALLED';--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"payment_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"status" "dispute_status" NOT NULL,
	"amount_minor" integer NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "disputes_reference" UNIQUE("reference"),
	CONSTRAINT "disputes_amount" CHECK ("disputes"."amount_minor" >= 0)
);
--> statement-breakpoint
ALTER TABLE "payments" ALTER COLUMN "observed_at" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "test_payments" ADD COLUMN "later" text;--> statement-breakpoint
ALTER TABLE "test_refunds" ADD COLUMN "status" text DEFAULT 'SUCCEEDED' NOT NULL;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "failure_code" text;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "replaces" uuid;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "disputes_by_payment" ON "disputes" USING btree ("payment_id","created_at","id");--> statement-breakpoint
CREATE INDEX "disputes_newest" ON "disputes" USING btree ("created_at","id");--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_replaces_refunds_id_fk" FOREIGN KEY ("replaces") REFERENCES "public"."refunds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refunds_by_status" ON "refunds" USING btree ("status","created_at","id");--> statement-breakpoint
ALTER TABLE "payments" DROP COLUMN "refunded_minor";--> statement-breakpoint
ALTER TABLE "test_payments" DROP COLUMN "moved_at";--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_once_for_guest" UNIQUE("token_hash","checkout_key");--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_reference" UNIQUE("reference");--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_replaced_once" UNIQUE("replaces");--> statement-breakpoint
ALTER TABLE "test_refunds" ADD CONSTRAINT "test_refunds_status" CHECK ("test_refunds"."status" in ('PENDING', 'SUCCEEDED', 'FAILED'));