CREATE TABLE "bill_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" integer GENERATED ALWAYS AS IDENTITY (sequence name "bill_changes_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"group_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"entry" text NOT NULL,
	"entry_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"changed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "bill_changes_entry" CHECK ("bill_changes"."entry" in ('BILL', 'SETTLEMENT')),
	CONSTRAINT "bill_changes_kind" CHECK ("bill_changes"."kind" in ('CREATED', 'CHANGED', 'DELETED')),
	CONSTRAINT "bill_changes_told" CHECK (("bill_changes"."kind" = 'CREATED') = ("bill_changes"."before" is null) and ("bill_changes"."kind" = 'DELETED') = ("bill_changes"."after" is null))
);
--> statement-breakpoint
ALTER TABLE "expense_budgets" ADD COLUMN "carries_from" date;--> statement-breakpoint
ALTER TABLE "bill_changes" ADD CONSTRAINT "bill_changes_group_id_bill_groups_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."bill_groups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bill_changes" ADD CONSTRAINT "bill_changes_member_id_bill_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."bill_members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bill_changes_of_group" ON "bill_changes" USING btree ("group_id","seq");--> statement-breakpoint
CREATE INDEX "bill_changes_of_entry" ON "bill_changes" USING btree ("entry_id","seq");--> statement-breakpoint
CREATE INDEX "bill_changes_by_member" ON "bill_changes" USING btree ("member_id");--> statement-breakpoint
ALTER TABLE "expense_budgets" ADD CONSTRAINT "expense_budgets_carry" CHECK ("expense_budgets"."month" is null or "expense_budgets"."carries_from" is null);--> statement-breakpoint
ALTER TABLE "expense_budgets" ADD CONSTRAINT "expense_budgets_carry_month" CHECK (extract(day from "expense_budgets"."carries_from") = 1);--> statement-breakpoint
-- Written by hand from here on. The trail of a group goes with the group and not before.
CREATE FUNCTION "refuse_rewritten_bill_trail"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'DELETE' AND NOT EXISTS (SELECT 1 FROM "bill_groups" WHERE "id" = old."group_id") THEN
		RETURN old;
	END IF;
	RAISE EXCEPTION 'the trail of a bill is only ever added to' USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "bill_changes_stay" BEFORE UPDATE OR DELETE ON "bill_changes" FOR EACH ROW EXECUTE FUNCTION "refuse_rewritten_bill_trail"();
--> statement-breakpoint
-- As before, but for who deletes: the house takes a refund out of the books again that did not go through, and its owner has not.
CREATE OR REPLACE FUNCTION "enter_expense_change"() RETURNS trigger LANGUAGE plpgsql AS $$
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
			SELECT old."id", old."account_id", 'DELETED', old."changed_by_owner", before_change
			WHERE EXISTS (SELECT 1 FROM "accounts" WHERE "id" = old."account_id");
	END IF;
	RETURN NULL;
END $$;
