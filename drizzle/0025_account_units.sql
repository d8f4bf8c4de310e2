CREATE TYPE "public"."unit_preference" AS ENUM('AS_WRITTEN', 'METRIC', 'US');--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "units" "unit_preference" DEFAULT 'AS_WRITTEN' NOT NULL;