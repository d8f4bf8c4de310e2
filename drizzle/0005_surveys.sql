CREATE TYPE "public"."survey_question_kind" AS ENUM('SINGLE', 'MULTIPLE', 'SCALE', 'TEXT');--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'SURVEY';--> statement-breakpoint
CREATE TABLE "survey_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"question_id" uuid NOT NULL,
	"option_id" uuid,
	"number" integer,
	"text" text,
	CONSTRAINT "survey_answers_once" UNIQUE NULLS NOT DISTINCT("submission_id","question_id","option_id"),
	CONSTRAINT "survey_answers_one_value" CHECK (num_nonnulls("survey_answers"."option_id", "survey_answers"."number", "survey_answers"."text") = 1)
);
--> statement-breakpoint
CREATE TABLE "survey_options" (
	"id" uuid PRIMARY KEY NOT NULL,
	"question_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"label" text NOT NULL,
	CONSTRAINT "survey_options_in_order" UNIQUE("question_id","position"),
	CONSTRAINT "survey_options_of_question" UNIQUE("id","question_id")
);
--> statement-breakpoint
CREATE TABLE "survey_questions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"survey_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" "survey_question_kind" NOT NULL,
	"text" text NOT NULL,
	"is_required" boolean NOT NULL,
	"max_choices" integer,
	"scale_from" integer,
	"scale_to" integer,
	"scale_from_label" text,
	"scale_to_label" text,
	CONSTRAINT "survey_questions_in_order" UNIQUE("survey_id","position"),
	CONSTRAINT "survey_questions_scale" CHECK (("survey_questions"."kind" = 'SCALE') = ("survey_questions"."scale_from" is not null and "survey_questions"."scale_to" is not null)),
	CONSTRAINT "survey_questions_scale_ascends" CHECK ("survey_questions"."scale_from" < "survey_questions"."scale_to")
);
--> statement-breakpoint
CREATE TABLE "survey_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"question_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"option_id" uuid,
	"go_to_id" uuid,
	CONSTRAINT "survey_rules_in_order" UNIQUE("question_id","position")
);
--> statement-breakpoint
CREATE TABLE "survey_submissions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"survey_id" uuid NOT NULL,
	"account_id" uuid,
	"submitted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "survey_submissions_once" UNIQUE("survey_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "surveys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id" uuid,
	"owner_id" uuid NOT NULL,
	"title" text NOT NULL,
	"introduction" text NOT NULL,
	"is_anonymous" boolean NOT NULL,
	"results_shown" "results_shown" NOT NULL,
	"state" "poll_state" DEFAULT 'DRAFT' NOT NULL,
	"closed_by_staff" boolean DEFAULT false NOT NULL,
	"closes_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"first_submission_at" timestamp with time zone,
	"submission_count" integer DEFAULT 0 NOT NULL,
	"questions_version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "surveys_title_length" CHECK (char_length("surveys"."title") between 1 and 200),
	CONSTRAINT "surveys_closed_has_time" CHECK (("surveys"."state" = 'CLOSED') = ("surveys"."closed_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "survey_answers" ADD CONSTRAINT "survey_answers_submission_id_survey_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."survey_submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_answers" ADD CONSTRAINT "survey_answers_question_id_survey_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."survey_questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_answers" ADD CONSTRAINT "survey_answers_option_of_question" FOREIGN KEY ("option_id","question_id") REFERENCES "public"."survey_options"("id","question_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_options" ADD CONSTRAINT "survey_options_question_id_survey_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."survey_questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_questions" ADD CONSTRAINT "survey_questions_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_rules" ADD CONSTRAINT "survey_rules_question_id_survey_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."survey_questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_rules" ADD CONSTRAINT "survey_rules_go_to_id_survey_questions_id_fk" FOREIGN KEY ("go_to_id") REFERENCES "public"."survey_questions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_rules" ADD CONSTRAINT "survey_rules_option_of_question" FOREIGN KEY ("option_id","question_id") REFERENCES "public"."survey_options"("id","question_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_submissions" ADD CONSTRAINT "survey_submissions_survey_id_surveys_id_fk" FOREIGN KEY ("survey_id") REFERENCES "public"."surveys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "survey_submissions" ADD CONSTRAINT "survey_submissions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveys" ADD CONSTRAINT "surveys_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveys" ADD CONSTRAINT "surveys_subject_id_subjects_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveys" ADD CONSTRAINT "surveys_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "survey_answers_by_question" ON "survey_answers" USING btree ("question_id","id");--> statement-breakpoint
CREATE INDEX "survey_rules_by_goal" ON "survey_rules" USING btree ("go_to_id");--> statement-breakpoint
CREATE INDEX "survey_submissions_by_account" ON "survey_submissions" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "surveys_newest" ON "surveys" USING btree ("created_at","id") WHERE "surveys"."state" <> 'DRAFT';--> statement-breakpoint
CREATE INDEX "surveys_by_subject" ON "surveys" USING btree ("subject_id","created_at","id");--> statement-breakpoint
CREATE INDEX "surveys_by_owner" ON "surveys" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "surveys_closing" ON "surveys" USING btree ("closes_at") WHERE "surveys"."state" = 'OPEN';