CREATE TYPE "public"."bill_member_status" AS ENUM('INVITED', 'ACTIVE', 'LEFT');--> statement-breakpoint
CREATE TYPE "public"."bill_split" AS ENUM('EQUAL', 'SHARES', 'EXACT');--> statement-breakpoint
CREATE TYPE "public"."rate_source" AS ENUM('ECB', 'STAFF');--> statement-breakpoint
CREATE TYPE "public"."expense_source" AS ENUM('MANUAL', 'IMPORT', 'RECURRING', 'ORDER', 'REFUND', 'BILL');--> statement-breakpoint
CREATE TYPE "public"."occurrence_outcome" AS ENUM('BOOKED', 'SKIPPED');--> statement-breakpoint
CREATE TYPE "public"."recurrence_frequency" AS ENUM('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY');--> statement-breakpoint
CREATE TYPE "public"."recurring_status" AS ENUM('ACTIVE', 'PAUSED', 'ENDED');--> statement-breakpoint
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
CREATE TABLE "exchange_rates" (
	"currency" text NOT NULL,
	"rated_on" date NOT NULL,
	"units_per_euro" numeric(20, 8) NOT NULL,
	"source" "rate_source" NOT NULL,
	"set_by_id" uuid,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exchange_rates_one_a_day" PRIMARY KEY("currency","rated_on"),
	CONSTRAINT "exchange_rates_positive" CHECK ("exchange_rates"."units_per_euro" > 0),
	CONSTRAINT "exchange_rates_not_of_euro" CHECK ("exchange_rates"."currency" <> 'EUR' and "exchange_rates"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "expense_budgets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"category_id" uuid,
	"month" date,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "expense_budgets_once" UNIQUE NULLS NOT DISTINCT("account_id","category_id","month"),
	CONSTRAINT "expense_budgets_amount" CHECK ("expense_budgets"."amount_minor" between 1 and 1000000000000),
	CONSTRAINT "expense_budgets_month" CHECK (extract(day from "expense_budgets"."month") = 1)
);
--> statement-breakpoint
CREATE TABLE "expense_preferences" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"books_orders" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expense_categories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid,
	"name" text NOT NULL,
	"archived_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "expense_categories_name" CHECK (char_length("expense_categories"."name") between 1 and 40),
	CONSTRAINT "expense_categories_built_in_stay" CHECK ("expense_categories"."account_id" is not null or "expense_categories"."archived_at" is null)
);
--> statement-breakpoint
CREATE TABLE "expense_changes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"seq" integer GENERATED ALWAYS AS IDENTITY (sequence name "expense_changes_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"expense_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"by_owner" boolean NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"changed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "expense_changes_kind" CHECK ("expense_changes"."kind" in ('CREATED', 'CHANGED', 'DELETED'))
);
--> statement-breakpoint
CREATE TABLE "expenses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"category_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"spent_on" date NOT NULL,
	"description" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"source" "expense_source" DEFAULT 'MANUAL' NOT NULL,
	"source_id" uuid,
	"recurring_id" uuid,
	"import_key" text,
	"changed_by_owner" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "expenses_of_source_once" UNIQUE("account_id","source","source_id"),
	CONSTRAINT "expenses_imported_once" UNIQUE("account_id","import_key"),
	CONSTRAINT "expenses_amount" CHECK ("expenses"."amount_minor" <> 0 and abs("expenses"."amount_minor") <= 1000000000000 and ("expenses"."amount_minor" > 0 or "expenses"."source" = 'REFUND')),
	CONSTRAINT "expenses_day" CHECK ("expenses"."spent_on" between '1900-01-01' and '2200-12-31')
);
--> statement-breakpoint
CREATE TABLE "recurring_expenses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"category_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"description" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"frequency" "recurrence_frequency" NOT NULL,
	"every" integer DEFAULT 1 NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date,
	"max_occurrences" integer,
	"status" "recurring_status" DEFAULT 'ACTIVE' NOT NULL,
	"next_on" date,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recurring_expenses_amount" CHECK ("recurring_expenses"."amount_minor" between 1 and 1000000000000),
	CONSTRAINT "recurring_expenses_every" CHECK ("recurring_expenses"."every" between 1 and 1000),
	CONSTRAINT "recurring_expenses_count" CHECK ("recurring_expenses"."max_occurrences" between 1 and 10000),
	CONSTRAINT "recurring_expenses_ends" CHECK ("recurring_expenses"."ends_on" >= "recurring_expenses"."starts_on"),
	CONSTRAINT "recurring_expenses_next" CHECK (("recurring_expenses"."status" = 'ENDED') = ("recurring_expenses"."next_on" is null))
);
--> statement-breakpoint
CREATE TABLE "recurring_occurrences" (
	"recurring_id" uuid NOT NULL,
	"occurs_on" date NOT NULL,
	"outcome" "occurrence_outcome" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recurring_occurrences_once" PRIMARY KEY("recurring_id","occurs_on")
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
ALTER TABLE "exchange_rates" ADD CONSTRAINT "exchange_rates_set_by_id_accounts_id_fk" FOREIGN KEY ("set_by_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expense_budgets" ADD CONSTRAINT "expense_budgets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expense_budgets" ADD CONSTRAINT "expense_budgets_category_id_expense_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."expense_categories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expense_preferences" ADD CONSTRAINT "expense_preferences_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expense_categories" ADD CONSTRAINT "expense_categories_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expense_changes" ADD CONSTRAINT "expense_changes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expenses" ADD CONSTRAINT "expenses_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expenses" ADD CONSTRAINT "expenses_category_id_expense_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."expense_categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expenses" ADD CONSTRAINT "expenses_recurring_id_recurring_expenses_id_fk" FOREIGN KEY ("recurring_id") REFERENCES "public"."recurring_expenses"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_expenses" ADD CONSTRAINT "recurring_expenses_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_expenses" ADD CONSTRAINT "recurring_expenses_category_id_expense_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."expense_categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_occurrences" ADD CONSTRAINT "recurring_occurrences_recurring_id_recurring_expenses_id_fk" FOREIGN KEY ("recurring_id") REFERENCES "public"."recurring_expenses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bill_members_by_account" ON "bill_members" USING btree ("account_id","status","created_at","group_id");--> statement-breakpoint
CREATE INDEX "bill_parts_by_member" ON "bill_parts" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "bill_settlements_newest" ON "bill_settlements" USING btree ("group_id","created_at","id");--> statement-breakpoint
CREATE INDEX "bill_settlements_by_payer" ON "bill_settlements" USING btree ("from_id");--> statement-breakpoint
CREATE INDEX "bill_settlements_by_payee" ON "bill_settlements" USING btree ("to_id");--> statement-breakpoint
CREATE INDEX "bill_settlements_by_author" ON "bill_settlements" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "bills_newest" ON "bills" USING btree ("group_id","spent_on","id");--> statement-breakpoint
CREATE INDEX "bills_by_author" ON "bills" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "exchange_rates_latest" ON "exchange_rates" USING btree ("rated_on","currency");--> statement-breakpoint
CREATE INDEX "expense_budgets_by_category" ON "expense_budgets" USING btree ("category_id");--> statement-breakpoint
CREATE UNIQUE INDEX "expense_categories_name_taken" ON "expense_categories" USING btree ("account_id",lower("name"));--> statement-breakpoint
CREATE INDEX "expense_categories_built_in" ON "expense_categories" USING btree ("id") WHERE "expense_categories"."account_id" is null;--> statement-breakpoint
CREATE INDEX "expense_changes_of_expense" ON "expense_changes" USING btree ("expense_id","seq");--> statement-breakpoint
CREATE INDEX "expense_changes_of_account" ON "expense_changes" USING btree ("account_id","seq");--> statement-breakpoint
CREATE INDEX "expenses_newest" ON "expenses" USING btree ("account_id","spent_on","id");--> statement-breakpoint
CREATE INDEX "expenses_by_amount" ON "expenses" USING btree ("account_id","currency","amount_minor","id");--> statement-breakpoint
CREATE INDEX "expenses_by_entry" ON "expenses" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "expenses_by_category" ON "expenses" USING btree ("category_id","account_id","spent_on");--> statement-breakpoint
CREATE INDEX "expenses_by_source" ON "expenses" USING btree ("source_id") WHERE "expenses"."source_id" is not null;--> statement-breakpoint
CREATE INDEX "expenses_by_recurring" ON "expenses" USING btree ("recurring_id") WHERE "expenses"."recurring_id" is not null;--> statement-breakpoint
CREATE INDEX "recurring_expenses_of_account" ON "recurring_expenses" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "recurring_expenses_by_category" ON "recurring_expenses" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "recurring_expenses_due" ON "recurring_expenses" USING btree ("next_on") WHERE "recurring_expenses"."status" = 'ACTIVE';--> statement-breakpoint
-- Written by hand from here on. Seven categories that everybody has.
INSERT INTO "expense_categories" ("id", "account_id", "name") VALUES
	('01940000-0000-7000-8000-000000000001', null, 'Groceries'),
	('01940000-0000-7000-8000-000000000002', null, 'Leisure'),
	('01940000-0000-7000-8000-000000000003', null, 'Electronics'),
	('01940000-0000-7000-8000-000000000004', null, 'Utilities'),
	('01940000-0000-7000-8000-000000000005', null, 'Clothing'),
	('01940000-0000-7000-8000-000000000006', null, 'Health'),
	('01940000-0000-7000-8000-000000000007', null, 'Others');
--> statement-breakpoint
-- The digits of ISO 4217's minor units, as in core/money; a test compares the two.
CREATE FUNCTION "currency_exponent"(code text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
		WHEN code IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
		WHEN code IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
		ELSE 2
	END
$$;
--> statement-breakpoint
-- By way of the euro, halves away from zero. Whole numbers are divided, so nothing is rounded twice. Null without a rate.
CREATE FUNCTION "convert_minor"(amount bigint, source text, source_units numeric, target text, target_units numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN source = target THEN amount ELSE
		sign(amount) * div(
			2 * abs(amount) * target_units * 10::numeric ^ currency_exponent(target) + source_units * 10::numeric ^ currency_exponent(source),
			2 * source_units * 10::numeric ^ currency_exponent(source))
	END
$$;
--> statement-breakpoint
-- Whatever changes an expense, and by whichever way: the database writes it down.
CREATE FUNCTION "enter_expense_change"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	fields text[] := ARRAY['category_id', 'amount_minor', 'currency', 'spent_on', 'description', 'note'];
	was jsonb := CASE WHEN tg_op = 'INSERT' THEN NULL ELSE to_jsonb(old) END;
	is_now jsonb := CASE WHEN tg_op = 'DELETE' THEN NULL ELSE to_jsonb(new) END;
	field text;
	before_change jsonb := '{}';
	after_change jsonb := '{}';
BEGIN
	FOREACH field IN ARRAY fields LOOP
		IF was IS NULL OR is_now IS NULL OR was -> field IS DISTINCT FROM is_now -> field THEN
			before_change := before_change || jsonb_build_object(field, was -> field);
			after_change := after_change || jsonb_build_object(field, is_now -> field);
		END IF;
	END LOOP;
	IF tg_op = 'INSERT' THEN
		INSERT INTO "expense_changes" ("expense_id", "account_id", "kind", "by_owner", "after")
			VALUES (new."id", new."account_id", 'CREATED', new."changed_by_owner", after_change);
	ELSIF tg_op = 'UPDATE' THEN
		IF after_change <> '{}' THEN
			INSERT INTO "expense_changes" ("expense_id", "account_id", "kind", "by_owner", "before", "after")
				VALUES (new."id", new."account_id", 'CHANGED', new."changed_by_owner", before_change, after_change);
		END IF;
	ELSE
		-- With the account its trail goes as well.
		INSERT INTO "expense_changes" ("expense_id", "account_id", "kind", "by_owner", "before")
			SELECT old."id", old."account_id", 'DELETED', true, before_change
			WHERE EXISTS (SELECT 1 FROM "accounts" WHERE "id" = old."account_id");
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "expenses_leave_a_trail" AFTER INSERT OR UPDATE OR DELETE ON "expenses" FOR EACH ROW EXECUTE FUNCTION "enter_expense_change"();
--> statement-breakpoint
CREATE FUNCTION "refuse_rewritten_trail"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'DELETE' AND NOT EXISTS (SELECT 1 FROM "accounts" WHERE "id" = old."account_id") THEN
		RETURN old;
	END IF;
	RAISE EXCEPTION 'the trail of an expense is only ever added to' USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "expense_changes_stay" BEFORE UPDATE OR DELETE ON "expense_changes" FOR EACH ROW EXECUTE FUNCTION "refuse_rewritten_trail"();
--> statement-breakpoint
-- An expense is filed under a category that everybody has, or one of its owner's own.
CREATE FUNCTION "refuse_foreign_category"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF new."category_id" IS NOT NULL AND EXISTS (
		SELECT 1 FROM "expense_categories" c WHERE c."id" = new."category_id" AND c."account_id" <> new."account_id"
	) THEN
		RAISE EXCEPTION 'this category is another member''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'expense_category_own';
	END IF;
	RETURN new;
END $$;
--> statement-breakpoint
CREATE TRIGGER "expenses_category_own" BEFORE INSERT OR UPDATE OF "category_id" ON "expenses" FOR EACH ROW EXECUTE FUNCTION "refuse_foreign_category"();
--> statement-breakpoint
CREATE TRIGGER "recurring_expenses_category_own" BEFORE INSERT OR UPDATE OF "category_id" ON "recurring_expenses" FOR EACH ROW EXECUTE FUNCTION "refuse_foreign_category"();
--> statement-breakpoint
CREATE TRIGGER "expense_budgets_category_own" BEFORE INSERT OR UPDATE OF "category_id" ON "expense_budgets" FOR EACH ROW EXECUTE FUNCTION "refuse_foreign_category"();
--> statement-breakpoint
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
