CREATE TABLE "devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"label" text NOT NULL,
	"identity_key" text NOT NULL,
	"agreement_key" text NOT NULL,
	"agreement_key_signature" text NOT NULL,
	"signed_prekey_id" integer NOT NULL,
	"signed_prekey" text NOT NULL,
	"signed_prekey_signature" text NOT NULL,
	"signed_prekey_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_prekey_id" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "devices_identity_key_taken" UNIQUE("identity_key"),
	CONSTRAINT "devices_agreement_key_taken" UNIQUE("agreement_key")
);
--> statement-breakpoint
CREATE TABLE "one_time_prekeys" (
	"device_id" uuid NOT NULL,
	"key_id" integer NOT NULL,
	"public_key" text NOT NULL,
	CONSTRAINT "one_time_prekeys_once" PRIMARY KEY("device_id","key_id"),
	CONSTRAINT "one_time_prekeys_id" CHECK ("one_time_prekeys"."key_id" > 0)
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "discoverable" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "email_hash" text GENERATED ALWAYS AS (encode(sha256(decode(replace(email, '\', '\\'), 'escape')), 'hex')) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_prekeys" ADD CONSTRAINT "one_time_prekeys_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "devices_by_account" ON "devices" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "accounts_discoverable" ON "accounts" USING btree ("email_hash") WHERE "accounts"."discoverable";