CREATE TYPE "public"."answers_revealed" AS ENUM('AFTER_VOTING', 'AFTER_CLOSING');--> statement-breakpoint
CREATE TYPE "public"."poll_choice" AS ENUM('SINGLE', 'MULTIPLE');--> statement-breakpoint
CREATE TYPE "public"."poll_state" AS ENUM('DRAFT', 'OPEN', 'CLOSED');--> statement-breakpoint
CREATE TYPE "public"."results_shown" AS ENUM('ALWAYS', 'AFTER_VOTING', 'AFTER_CLOSING');--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'POLL';--> statement-breakpoint
CREATE TABLE "poll_ballots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"poll_id" uuid NOT NULL,
	"account_id" uuid,
	"cast_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone,
	CONSTRAINT "poll_ballots_once" UNIQUE("poll_id","account_id"),
	CONSTRAINT "poll_ballots_of_poll" UNIQUE("id","poll_id")
);
--> statement-breakpoint
CREATE TABLE "poll_choices" (
	"ballot_id" uuid NOT NULL,
	"option_id" uuid NOT NULL,
	"poll_id" uuid NOT NULL,
	"account_id" uuid,
	"chosen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "poll_choices_once" PRIMARY KEY("ballot_id","option_id")
);
--> statement-breakpoint
CREATE TABLE "poll_options" (
	"id" uuid PRIMARY KEY NOT NULL,
	"poll_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"label" text NOT NULL,
	"node_prefix" text,
	"node_id" uuid,
	"is_correct" boolean DEFAULT false NOT NULL,
	"vote_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "poll_options_in_order" UNIQUE("poll_id","position"),
	CONSTRAINT "poll_options_label_taken" UNIQUE("poll_id","label"),
	CONSTRAINT "poll_options_of_poll" UNIQUE("id","poll_id"),
	CONSTRAINT "poll_options_label_length" CHECK (char_length("poll_options"."label") between 1 and 120),
	CONSTRAINT "poll_options_whole_node" CHECK (("poll_options"."node_prefix" is null) = ("poll_options"."node_id" is null)),
	CONSTRAINT "poll_options_counted" CHECK ("poll_options"."vote_count" >= 0)
);
--> statement-breakpoint
CREATE TABLE "polls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id" uuid,
	"owner_id" uuid NOT NULL,
	"question" text NOT NULL,
	"choice" "poll_choice" NOT NULL,
	"max_choices" integer,
	"is_anonymous" boolean NOT NULL,
	"results_shown" "results_shown" NOT NULL,
	"may_change_vote" boolean NOT NULL,
	"answers_revealed" "answers_revealed",
	"explanation" text,
	"state" "poll_state" DEFAULT 'DRAFT' NOT NULL,
	"closed_by_staff" boolean DEFAULT false NOT NULL,
	"closes_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"first_vote_at" timestamp with time zone,
	"voter_count" integer DEFAULT 0 NOT NULL,
	"settings_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "polls_question_length" CHECK (char_length("polls"."question") between 1 and 300),
	CONSTRAINT "polls_max_choices" CHECK ("polls"."max_choices" is null or ("polls"."choice" = 'MULTIPLE' and "polls"."max_choices" >= 2)),
	CONSTRAINT "polls_closed_has_time" CHECK (("polls"."state" = 'CLOSED') = ("polls"."closed_at" is not null)),
	CONSTRAINT "polls_opened_has_time" CHECK (("polls"."state" = 'DRAFT') = ("polls"."opened_at" is null)),
	CONSTRAINT "polls_draft_has_no_votes" CHECK ("polls"."state" <> 'DRAFT' or "polls"."first_vote_at" is null),
	CONSTRAINT "polls_explanation_of_quiz" CHECK ("polls"."explanation" is null or "polls"."answers_revealed" is not null),
	CONSTRAINT "polls_counted" CHECK ("polls"."voter_count" >= 0)
);
--> statement-breakpoint
ALTER TABLE "poll_ballots" ADD CONSTRAINT "poll_ballots_poll_id_polls_id_fk" FOREIGN KEY ("poll_id") REFERENCES "public"."polls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_ballots" ADD CONSTRAINT "poll_ballots_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_choices" ADD CONSTRAINT "poll_choices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_choices" ADD CONSTRAINT "poll_choices_of_ballot" FOREIGN KEY ("ballot_id","poll_id") REFERENCES "public"."poll_ballots"("id","poll_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_choices" ADD CONSTRAINT "poll_choices_option_of_poll" FOREIGN KEY ("option_id","poll_id") REFERENCES "public"."poll_options"("id","poll_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_options" ADD CONSTRAINT "poll_options_poll_id_polls_id_fk" FOREIGN KEY ("poll_id") REFERENCES "public"."polls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_subject_id_subjects_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "poll_ballots_by_account" ON "poll_ballots" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "poll_choices_by_option" ON "poll_choices" USING btree ("option_id","chosen_at","account_id");--> statement-breakpoint
CREATE INDEX "poll_choices_by_account" ON "poll_choices" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "polls_newest" ON "polls" USING btree ("created_at","id") WHERE "polls"."state" <> 'DRAFT';--> statement-breakpoint
CREATE INDEX "polls_by_subject" ON "polls" USING btree ("subject_id","created_at","id");--> statement-breakpoint
CREATE INDEX "polls_by_owner" ON "polls" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "polls_closing" ON "polls" USING btree ("closes_at","id") WHERE "polls"."state" = 'OPEN';