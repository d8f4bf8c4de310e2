CREATE TYPE "public"."room_event_kind" AS ENUM('MESSAGE_ADDED', 'MESSAGE_EDITED', 'MESSAGE_DELETED', 'MESSAGE_PINNED', 'MESSAGE_UNPINNED', 'REACTIONS_CHANGED', 'POLL_POSTED', 'MEMBER_JOINED', 'MEMBER_LEFT', 'MEMBER_REMOVED', 'ROLE_CHANGED', 'ROOM_CHANGED');--> statement-breakpoint
CREATE TYPE "public"."room_encryption" AS ENUM('NONE', 'END_TO_END');--> statement-breakpoint
CREATE TYPE "public"."room_kind" AS ENUM('DIRECT', 'GROUP');--> statement-breakpoint
CREATE TYPE "public"."room_role" AS ENUM('OWNER', 'MODERATOR', 'MEMBER');--> statement-breakpoint
ALTER TYPE "public"."reaction_kind" ADD VALUE 'EMOJI';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'ROOM';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'MESSAGE';--> statement-breakpoint
CREATE TABLE "message_attachments" (
	"message_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"subject_id" uuid,
	"url" text,
	CONSTRAINT "message_attachments_places" PRIMARY KEY("message_id","position"),
	CONSTRAINT "message_attachments_one_thing" CHECK ("message_attachments"."subject_id" is null or "message_attachments"."url" is null),
	CONSTRAINT "message_attachments_at_most" CHECK ("message_attachments"."position" between 0 and 9)
);
--> statement-breakpoint
CREATE TABLE "message_mentions" (
	"message_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"room_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	CONSTRAINT "message_mentions_once" PRIMARY KEY("message_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"encryption" "room_encryption" NOT NULL,
	"author_id" uuid,
	"client_id" text,
	"client_hash" text,
	"reply_to_id" uuid,
	"body" text,
	"body_html" text,
	"ciphertext" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"edited_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"pinned_at" timestamp with time zone,
	"pinned_by_id" uuid,
	"search" "tsvector" GENERATED ALWAYS AS (to_tsvector('english', "messages"."body")) STORED,
	CONSTRAINT "messages_seq" UNIQUE("room_id","seq"),
	CONSTRAINT "messages_same_room" UNIQUE("id","room_id"),
	CONSTRAINT "messages_client_id_once" UNIQUE("room_id","author_id","client_id"),
	CONSTRAINT "messages_readable_by_members_only" CHECK (case when "messages"."deleted_at" is not null then "messages"."body" is null and "messages"."body_html" is null and "messages"."ciphertext" is null
        when "messages"."encryption" = 'END_TO_END' then "messages"."body" is null and "messages"."body_html" is null and "messages"."ciphertext" is not null
        else "messages"."body" is not null and "messages"."body_html" is not null and "messages"."ciphertext" is null end),
	CONSTRAINT "messages_body_length" CHECK (char_length("messages"."body") <= 4000),
	CONSTRAINT "messages_ciphertext_form" CHECK ("messages"."ciphertext" ~ '^[A-Za-z0-9+/]+={0,2}$' and length("messages"."ciphertext") <= 65536),
	CONSTRAINT "messages_tombstone_not_pinned" CHECK ("messages"."deleted_at" is null or "messages"."pinned_at" is null)
);
--> statement-breakpoint
CREATE TABLE "room_events" (
	"room_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"kind" "room_event_kind" NOT NULL,
	"actor_id" uuid,
	"message_id" uuid,
	"account_id" uuid,
	"role" "room_role",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_events_seq" PRIMARY KEY("room_id","seq")
);
--> statement-breakpoint
CREATE TABLE "account_blocks" (
	"blocker_id" uuid NOT NULL,
	"blocked_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_blocks_once" PRIMARY KEY("blocker_id","blocked_id"),
	CONSTRAINT "account_blocks_not_oneself" CHECK ("account_blocks"."blocker_id" <> "account_blocks"."blocked_id")
);
--> statement-breakpoint
CREATE TABLE "room_bans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"banned_by_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_bans_once" UNIQUE("room_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "room_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"inviter_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_invitations_once" UNIQUE("room_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "room_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"token" text NOT NULL,
	"created_by_id" uuid,
	"max_uses" integer,
	"uses" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_links_token" UNIQUE("token"),
	CONSTRAINT "room_links_uses" CHECK ("room_links"."uses" between 0 and coalesce("room_links"."max_uses", "room_links"."uses"))
);
--> statement-breakpoint
CREATE TABLE "room_members" (
	"id" uuid PRIMARY KEY NOT NULL,
	"room_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"role" "room_role" DEFAULT 'MEMBER' NOT NULL,
	"last_read_seq" integer DEFAULT 0 NOT NULL,
	"is_muted" boolean DEFAULT false NOT NULL,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "room_members_once" UNIQUE("room_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" "room_kind" NOT NULL,
	"encryption" "room_encryption" DEFAULT 'NONE' NOT NULL,
	"title" text,
	"description" text DEFAULT '' NOT NULL,
	"subject_id" uuid,
	"direct_low_id" uuid,
	"direct_high_id" uuid,
	"member_count" integer DEFAULT 0 NOT NULL,
	"event_seq" integer DEFAULT 0 NOT NULL,
	"removal_seq" integer DEFAULT 0 NOT NULL,
	"last_activity_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rooms_one_per_pair" UNIQUE("direct_low_id","direct_high_id","encryption"),
	CONSTRAINT "rooms_encryption" UNIQUE("id","encryption"),
	CONSTRAINT "rooms_pair_in_order" CHECK ("rooms"."direct_low_id" < "rooms"."direct_high_id"),
	CONSTRAINT "rooms_of_two_or_titled" CHECK (case "rooms"."kind" when 'DIRECT' then "rooms"."title" is null and "rooms"."subject_id" is null else "rooms"."title" is not null and "rooms"."direct_low_id" is null and "rooms"."direct_high_id" is null end),
	CONSTRAINT "rooms_title_length" CHECK (char_length("rooms"."title") between 1 and 100),
	CONSTRAINT "rooms_size" CHECK ("rooms"."member_count" between 0 and 1000)
);
--> statement-breakpoint
ALTER TABLE "reactions" ADD COLUMN "emoji" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "message_attachments" ADD CONSTRAINT "message_attachments_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_attachments" ADD CONSTRAINT "message_attachments_subject_id_subjects_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."subjects"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_mentions" ADD CONSTRAINT "message_mentions_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_mentions" ADD CONSTRAINT "message_mentions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_author_id_accounts_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_pinned_by_id_accounts_id_fk" FOREIGN KEY ("pinned_by_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_reply_in_same_room" FOREIGN KEY ("reply_to_id","room_id") REFERENCES "public"."messages"("id","room_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_encrypted_as_room" FOREIGN KEY ("room_id","encryption") REFERENCES "public"."rooms"("id","encryption") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_events" ADD CONSTRAINT "room_events_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_events" ADD CONSTRAINT "room_events_actor_id_accounts_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_events" ADD CONSTRAINT "room_events_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_events" ADD CONSTRAINT "room_events_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_blocks" ADD CONSTRAINT "account_blocks_blocker_id_accounts_id_fk" FOREIGN KEY ("blocker_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_blocks" ADD CONSTRAINT "account_blocks_blocked_id_accounts_id_fk" FOREIGN KEY ("blocked_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_bans" ADD CONSTRAINT "room_bans_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_bans" ADD CONSTRAINT "room_bans_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_bans" ADD CONSTRAINT "room_bans_banned_by_id_accounts_id_fk" FOREIGN KEY ("banned_by_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_invitations" ADD CONSTRAINT "room_invitations_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_invitations" ADD CONSTRAINT "room_invitations_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_invitations" ADD CONSTRAINT "room_invitations_inviter_id_accounts_id_fk" FOREIGN KEY ("inviter_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_links" ADD CONSTRAINT "room_links_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_links" ADD CONSTRAINT "room_links_created_by_id_accounts_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_members" ADD CONSTRAINT "room_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_subject_id_subjects_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."subjects"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_direct_low_id_accounts_id_fk" FOREIGN KEY ("direct_low_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_direct_high_id_accounts_id_fk" FOREIGN KEY ("direct_high_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_attachments_by_subject" ON "message_attachments" USING btree ("subject_id") WHERE "message_attachments"."subject_id" is not null;--> statement-breakpoint
CREATE INDEX "message_mentions_unread" ON "message_mentions" USING btree ("account_id","room_id","seq");--> statement-breakpoint
CREATE INDEX "messages_unread" ON "messages" USING btree ("room_id","seq","author_id") WHERE "messages"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "messages_pinned" ON "messages" USING btree ("room_id","pinned_at","id") WHERE "messages"."pinned_at" is not null;--> statement-breakpoint
CREATE INDEX "messages_by_author" ON "messages" USING btree ("author_id","created_at");--> statement-breakpoint
CREATE INDEX "messages_by_reply" ON "messages" USING btree ("reply_to_id") WHERE "messages"."reply_to_id" is not null;--> statement-breakpoint
CREATE INDEX "messages_search" ON "messages" USING gin ("search") WITH (gin_pending_list_limit=256);--> statement-breakpoint
CREATE INDEX "room_events_by_message" ON "room_events" USING btree ("message_id") WHERE "room_events"."message_id" is not null;--> statement-breakpoint
CREATE INDEX "room_events_by_actor" ON "room_events" USING btree ("actor_id");--> statement-breakpoint
CREATE INDEX "room_events_by_account" ON "room_events" USING btree ("account_id") WHERE "room_events"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "account_blocks_by_blocked" ON "account_blocks" USING btree ("blocked_id","blocker_id");--> statement-breakpoint
CREATE INDEX "account_blocks_newest" ON "account_blocks" USING btree ("blocker_id","created_at","blocked_id");--> statement-breakpoint
CREATE INDEX "room_bans_by_account" ON "room_bans" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "room_bans_newest" ON "room_bans" USING btree ("room_id","created_at","id");--> statement-breakpoint
CREATE INDEX "room_invitations_by_account" ON "room_invitations" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "room_invitations_newest" ON "room_invitations" USING btree ("room_id","created_at","id");--> statement-breakpoint
CREATE INDEX "room_links_newest" ON "room_links" USING btree ("room_id","created_at","id");--> statement-breakpoint
CREATE INDEX "room_members_by_account" ON "room_members" USING btree ("account_id","room_id");--> statement-breakpoint
CREATE INDEX "room_members_oldest" ON "room_members" USING btree ("room_id","joined_at","id");--> statement-breakpoint
CREATE INDEX "rooms_by_subject" ON "rooms" USING btree ("subject_id","created_at","id") WHERE "rooms"."subject_id" is not null;--> statement-breakpoint
CREATE INDEX "rooms_by_direct_high" ON "rooms" USING btree ("direct_high_id") WHERE "rooms"."direct_high_id" is not null;--> statement-breakpoint
ALTER TABLE "reactions" DROP CONSTRAINT "reactions_once";
--> statement-breakpoint
ALTER TABLE "reactions" ADD CONSTRAINT "reactions_once" PRIMARY KEY("subject_id","kind","emoji","account_id");