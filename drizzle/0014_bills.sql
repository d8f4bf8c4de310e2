CREATE TYPE "public"."bill_member_status" AS ENUM('INVITED', 'ACTIVE', 'LEFT');--> statement-breakpoint
CREATE TYPE "public"."bill_split" AS ENUM('EQUAL', 'SHARES', 'EXACT');--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'BILL_GROUP_INVITATION';--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'BILL_ADDED';--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'BILL_SETTLED';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'BILL_GROUP';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'BILL';--> statement-breakpoint
CREATE TABLE "bill_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bill_groups_name" CHECK (char_length("bill_groups"."name") between 1 and 80)
);
--> statement-breakpoint
CREATE TABLE "bill_members" (
	"id" uuid PRIMARY KEY NOT NULL,
	"group_id" uuid NOT NULL,
	"account_id" uuid,
	"status" "bill_member_status" NOT NULL,
	"invited_by_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bill_members_once" UNIQUE("group_id","account_id"),
	CONSTRAINT "bill_members_of_group" UNIQUE("group_id","id")
);
--> statement-breakpoint
CREATE TABLE "bill_parts" (
	"bill_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"shares" integer,
	"owed_minor" bigint NOT NULL,
	"paid_minor" bigint NOT NULL,
	CONSTRAINT "bill_parts_once" PRIMARY KEY("bill_id","member_id"),
	CONSTRAINT "bill_parts_amounts" CHECK ("bill_parts"."owed_minor" >= 0 and "bill_parts"."paid_minor" >= 0),
	CONSTRAINT "bill_parts_shares" CHECK ("bill_parts"."shares" between 1 and 10000)
);
--> statement-breakpoint
CREATE TABLE "bill_settlements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"group_id" uuid NOT NULL,
	"from_id" uuid NOT NULL,
	"to_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"settled_on" date NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bill_settlements_amount" CHECK ("bill_settlements"."amount_minor" between 1 and 1000000000000),
	CONSTRAINT "bill_settlements_of_two" CHECK ("bill_settlements"."from_id" <> "bill_settlements"."to_id")
);
--> statement-breakpoint
CREATE TABLE "bills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"group_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"description" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"spent_on" date NOT NULL,
	"currency" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"split" "bill_split" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bills_amount" CHECK ("bills"."amount_minor" between 1 and 1000000000000)
);
--> statement-breakpoint
ALTER TABLE "bill_groups" ADD CONSTRAINT "bill_groups_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_members" ADD CONSTRAINT "bill_members_group_id_bill_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."bill_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_members" ADD CONSTRAINT "bill_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_members" ADD CONSTRAINT "bill_members_invited_by_id_accounts_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_parts" ADD CONSTRAINT "bill_parts_bill_id_bills_id_fk" FOREIGN KEY ("bill_id") REFERENCES "public"."bills"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_parts" ADD CONSTRAINT "bill_parts_member_id_bill_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."bill_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_settlements" ADD CONSTRAINT "bill_settlements_group_id_bill_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."bill_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_settlements" ADD CONSTRAINT "bill_settlements_from_id_bill_members_id_fk" FOREIGN KEY ("from_id") REFERENCES "public"."bill_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_settlements" ADD CONSTRAINT "bill_settlements_to_id_bill_members_id_fk" FOREIGN KEY ("to_id") REFERENCES "public"."bill_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_settlements" ADD CONSTRAINT "bill_settlements_author_id_bill_members_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."bill_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bills" ADD CONSTRAINT "bills_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bills" ADD CONSTRAINT "bills_group_id_bill_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."bill_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bills" ADD CONSTRAINT "bills_author_id_bill_members_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."bill_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bill_members_by_account" ON "bill_members" USING btree ("account_id","status","created_at","group_id");--> statement-breakpoint
CREATE INDEX "bill_parts_by_member" ON "bill_parts" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "bill_settlements_newest" ON "bill_settlements" USING btree ("group_id","created_at","id");--> statement-breakpoint
CREATE INDEX "bill_settlements_by_payer" ON "bill_settlements" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "bill_settlements_by_payee" ON "bill_settlements" USING btree ("to_id");--> statement-breakpoint
CREATE INDEX "bill_settlements_by_author" ON "bill_settlements" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "bills_newest" ON "bills" USING btree ("group_id","spent_on","id");--> statement-breakpoint
CREATE INDEX "bills_by_author" ON "bills" USING btree ("author_id");--> statement-breakpoint
-- Written by hand: what is owed and what was paid of a bill add up to it, whoever writes.
CREATE FUNCTION "ensure_bill_adds_up"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	bill uuid;
	total bigint;
	owed bigint;
	paid bigint;
BEGIN
	IF tg_table_name = 'bills' THEN
		bill := new."id";
	ELSIF tg_op = 'DELETE' THEN
		bill := old."bill_id";
	ELSE
		bill := new."bill_id";
	END IF;
	SELECT "amount_minor" INTO total FROM "bills" WHERE "id" = bill;
	IF total IS NULL THEN
		RETURN NULL;
	END IF;
	SELECT coalesce(sum("owed_minor"), 0), coalesce(sum("paid_minor"), 0) INTO owed, paid FROM "bill_parts" WHERE "bill_id" = bill;
	IF owed <> total OR paid <> total THEN
		RAISE EXCEPTION 'the parts of a bill do not add up' USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_parts_add_up';
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "bills_add_up" AFTER INSERT OR UPDATE OF "amount_minor" ON "bills" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "ensure_bill_adds_up"();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "bill_parts_add_up" AFTER INSERT OR UPDATE OR DELETE ON "bill_parts" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "ensure_bill_adds_up"();
--> statement-breakpoint
-- Who owes, pays or settles belongs to the same group.
CREATE FUNCTION "refuse_foreign_bill_member"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (
		SELECT 1 FROM "bills" b JOIN "bill_members" m ON m."group_id" = b."group_id" WHERE b."id" = new."bill_id" AND m."id" = new."member_id"
	) THEN
		RAISE EXCEPTION 'a part of a bill is somebody''s of another group' USING ERRCODE = 'check_violation', CONSTRAINT = 'bill_parts_of_group';
	END IF;
	RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER "bill_parts_of_group" BEFORE INSERT OR UPDATE ON "bill_parts" FOR EACH ROW EXECUTE FUNCTION "refuse_foreign_bill_member"();
