CREATE TABLE "price_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"variant_id" uuid NOT NULL,
	"from_minor" integer NOT NULL,
	"to_minor" integer NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"actor_id" uuid,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "price_changes_something" CHECK ("price_changes"."from_minor" <> "price_changes"."to_minor")
);
--> statement-breakpoint
ALTER TABLE "price_changes" ADD CONSTRAINT "price_changes_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_changes" ADD CONSTRAINT "price_changes_actor_id_accounts_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "price_changes_newest" ON "price_changes" USING btree ("variant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "price_changes_by_actor" ON "price_changes" USING btree ("actor_id");--> statement-breakpoint
-- Written by hand: an account that is deleted leaves its changes without a name; nothing else about them ever changes.
CREATE FUNCTION "refuse_rewritten_prices"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'UPDATE' AND new."actor_id" IS NULL
		AND (new."id", new."variant_id", new."from_minor", new."to_minor", new."note", new."created_at")
			IS NOT DISTINCT FROM (old."id", old."variant_id", old."from_minor", old."to_minor", old."note", old."created_at") THEN
		RETURN new;
	END IF;
	RAISE EXCEPTION 'price changes are only ever added' USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "price_changes_stay" BEFORE UPDATE OR DELETE ON "price_changes" FOR EACH ROW EXECUTE FUNCTION "refuse_rewritten_prices"();
