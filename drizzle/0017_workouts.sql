CREATE TYPE "public"."equipment" AS ENUM('NONE', 'BARBELL', 'DUMBBELL', 'KETTLEBELL', 'MACHINE', 'CABLE', 'BAND', 'PULL_UP_BAR', 'SUSPENSION', 'CARDIO_MACHINE', 'OTHER');--> statement-breakpoint
CREATE TYPE "public"."exercise_kind" AS ENUM('WEIGHT_AND_REPS', 'BODYWEIGHT_REPS', 'TIME', 'DISTANCE', 'WEIGHT_AND_DISTANCE');--> statement-breakpoint
CREATE TYPE "public"."weight_unit" AS ENUM('KG', 'LB');--> statement-breakpoint
CREATE TYPE "public"."workout_visibility" AS ENUM('PRIVATE', 'FOLLOWERS', 'PUBLIC');--> statement-breakpoint
CREATE TYPE "public"."set_kind" AS ENUM('WARM_UP', 'NORMAL', 'DROP', 'FAILURE');--> statement-breakpoint
CREATE TYPE "public"."workout_status" AS ENUM('PLANNED', 'IN_PROGRESS', 'DONE', 'SKIPPED', 'CANCELLED');--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'WORKOUT_RECORD';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'WORKOUT';--> statement-breakpoint
CREATE TABLE "exercises" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid,
	"code" text,
	"name" text NOT NULL,
	"kind" "exercise_kind" NOT NULL,
	"muscles" text[] NOT NULL,
	"secondary_muscles" text[] NOT NULL,
	"equipment" "equipment" NOT NULL,
	"instructions" text DEFAULT '' NOT NULL,
	"retired_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exercises_code_taken" UNIQUE("code"),
	CONSTRAINT "exercises_catalogue_has_code" CHECK (("exercises"."owner_id" is null) = ("exercises"."code" is not null)),
	CONSTRAINT "exercises_name_length" CHECK (char_length("exercises"."name") between 1 and 80),
	CONSTRAINT "exercises_have_muscles" CHECK (cardinality("exercises"."muscles") >= 1),
	CONSTRAINT "exercises_muscles_once" CHECK (not "exercises"."muscles" && "exercises"."secondary_muscles")
);
--> statement-breakpoint
CREATE TABLE "workout_plan_exercises" (
	"id" uuid PRIMARY KEY NOT NULL,
	"plan_id" uuid NOT NULL,
	"exercise_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"rest_seconds" integer,
	"superset" smallint,
	"targets" jsonb NOT NULL,
	CONSTRAINT "workout_plan_exercises_in_order" UNIQUE("plan_id","position"),
	CONSTRAINT "workout_plan_exercises_rest" CHECK ("workout_plan_exercises"."rest_seconds" between 0 and 3600),
	CONSTRAINT "workout_plan_exercises_targets" CHECK (jsonb_typeof("workout_plan_exercises"."targets") = 'array')
);
--> statement-breakpoint
CREATE TABLE "workout_plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"visibility" "workout_visibility" DEFAULT 'PRIVATE' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workout_plans_name_length" CHECK (char_length("workout_plans"."name") between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "workout_repeats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"weekdays" integer[] NOT NULL,
	"interval_weeks" smallint DEFAULT 1 NOT NULL,
	"first_day" date NOT NULL,
	"last_day" date,
	"count" integer,
	"local_time" time,
	"time_zone" text NOT NULL,
	"visibility" "workout_visibility" NOT NULL,
	"filled_through" date NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workout_repeats_weekdays" CHECK (cardinality("workout_repeats"."weekdays") between 1 and 7),
	CONSTRAINT "workout_repeats_interval" CHECK ("workout_repeats"."interval_weeks" between 1 and 8),
	CONSTRAINT "workout_repeats_count" CHECK ("workout_repeats"."count" between 1 and 1000),
	CONSTRAINT "workout_repeats_ends_after_start" CHECK ("workout_repeats"."last_day" is null or "workout_repeats"."last_day" >= "workout_repeats"."first_day" - 1)
);
--> statement-breakpoint
CREATE TABLE "workout_settings" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"weight_unit" "weight_unit" NOT NULL,
	"weekly_goal" smallint NOT NULL,
	"visibility" "workout_visibility" NOT NULL,
	CONSTRAINT "workout_settings_goal" CHECK ("workout_settings"."weekly_goal" between 1 and 14)
);
--> statement-breakpoint
CREATE TABLE "workout_exercises" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workout_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"exercise_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"rest_seconds" integer,
	"superset" smallint,
	"targets" jsonb NOT NULL,
	"set_count" integer DEFAULT 0 NOT NULL,
	"rep_count" integer DEFAULT 0 NOT NULL,
	"volume_grams" bigint DEFAULT 0 NOT NULL,
	"total_seconds" integer DEFAULT 0 NOT NULL,
	"total_metres" integer DEFAULT 0 NOT NULL,
	"best_one_rep_max_grams" integer,
	"max_weight_grams" integer,
	"most_reps" integer,
	"longest_seconds" integer,
	"longest_metres" integer,
	CONSTRAINT "workout_exercises_in_order" UNIQUE("workout_id","position"),
	CONSTRAINT "workout_exercises_in_workout" UNIQUE("id","workout_id"),
	CONSTRAINT "workout_exercises_rest" CHECK ("workout_exercises"."rest_seconds" between 0 and 3600),
	CONSTRAINT "workout_exercises_targets" CHECK (jsonb_typeof("workout_exercises"."targets") = 'array')
);
--> statement-breakpoint
CREATE TABLE "workout_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workout_id" uuid NOT NULL,
	"workout_exercise_id" uuid NOT NULL,
	"client_id" text,
	"position" smallint NOT NULL,
	"kind" "set_kind" NOT NULL,
	"reps" integer,
	"weight_grams" integer,
	"duration_seconds" integer,
	"distance_metres" integer,
	"effort_halves" smallint,
	"one_rep_max_grams" integer GENERATED ALWAYS AS (case when reps = 1 then weight_grams when reps > 1 then round(weight_grams::numeric * (30 + reps) / 30)::integer end) STORED,
	"logged_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workout_sets_in_order" UNIQUE("workout_exercise_id","position"),
	CONSTRAINT "workout_sets_client_once" UNIQUE("workout_id","client_id"),
	CONSTRAINT "workout_sets_reps" CHECK ("workout_sets"."reps" between 0 and 1000),
	CONSTRAINT "workout_sets_weight" CHECK ("workout_sets"."weight_grams" between 0 and 1000000),
	CONSTRAINT "workout_sets_duration" CHECK ("workout_sets"."duration_seconds" between 1 and 86400),
	CONSTRAINT "workout_sets_distance" CHECK ("workout_sets"."distance_metres" between 1 and 1000000),
	CONSTRAINT "workout_sets_effort" CHECK ("workout_sets"."effort_halves" between 2 and 20)
);
--> statement-breakpoint
CREATE TABLE "workouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"plan_id" uuid,
	"plan_version" integer,
	"repeat_id" uuid,
	"occurrence_day" date,
	"is_detached" boolean DEFAULT false NOT NULL,
	"name" text NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"visibility" "workout_visibility" NOT NULL,
	"status" "workout_status" DEFAULT 'PLANNED' NOT NULL,
	"local_day" date NOT NULL,
	"local_time" time,
	"time_zone" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"day_ends_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workouts_of_owner" UNIQUE("id","owner_id"),
	CONSTRAINT "workouts_occurrence_once" UNIQUE("repeat_id","occurrence_day"),
	CONSTRAINT "workouts_name_length" CHECK (char_length("workouts"."name") between 1 and 100),
	CONSTRAINT "workouts_planned_not_started" CHECK ("workouts"."status" <> 'PLANNED' or "workouts"."started_at" is null),
	CONSTRAINT "workouts_begun_has_start" CHECK ("workouts"."status" not in ('IN_PROGRESS', 'DONE') or "workouts"."started_at" is not null),
	CONSTRAINT "workouts_done_has_end" CHECK (("workouts"."status" = 'DONE') = ("workouts"."ended_at" is not null)),
	CONSTRAINT "workouts_end_after_start" CHECK ("workouts"."ended_at" >= "workouts"."started_at"),
	CONSTRAINT "workouts_day_ends" CHECK ("workouts"."day_ends_at" > "workouts"."starts_at"),
	CONSTRAINT "workouts_occurrence_has_day" CHECK ("workouts"."repeat_id" is null or "workouts"."occurrence_day" is not null)
);
--> statement-breakpoint
ALTER TABLE "exercises" ADD CONSTRAINT "exercises_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_plan_exercises" ADD CONSTRAINT "workout_plan_exercises_plan_id_workout_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."workout_plans"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_plan_exercises" ADD CONSTRAINT "workout_plan_exercises_exercise_id_exercises_id_fk" FOREIGN KEY ("exercise_id") REFERENCES "public"."exercises"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_plans" ADD CONSTRAINT "workout_plans_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_repeats" ADD CONSTRAINT "workout_repeats_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_repeats" ADD CONSTRAINT "workout_repeats_plan_id_workout_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."workout_plans"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_settings" ADD CONSTRAINT "workout_settings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_exercises" ADD CONSTRAINT "workout_exercises_exercise_id_exercises_id_fk" FOREIGN KEY ("exercise_id") REFERENCES "public"."exercises"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_exercises" ADD CONSTRAINT "workout_exercises_of_workout" FOREIGN KEY ("workout_id","owner_id") REFERENCES "public"."workouts"("id","owner_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workout_sets" ADD CONSTRAINT "workout_sets_exercise_in_workout" FOREIGN KEY ("workout_exercise_id","workout_id") REFERENCES "public"."workout_exercises"("id","workout_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workouts" ADD CONSTRAINT "workouts_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workouts" ADD CONSTRAINT "workouts_owner_id_accounts_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workouts" ADD CONSTRAINT "workouts_plan_id_workout_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."workout_plans"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workouts" ADD CONSTRAINT "workouts_repeat_id_workout_repeats_id_fk" FOREIGN KEY ("repeat_id") REFERENCES "public"."workout_repeats"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "exercises_name_taken" ON "exercises" USING btree ("owner_id",lower("name")) WHERE "exercises"."retired_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "exercises_catalogue_name_taken" ON "exercises" USING btree (lower("name")) WHERE "exercises"."owner_id" is null and "exercises"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "exercises_by_name" ON "exercises" USING btree ("owner_id","name","id");--> statement-breakpoint
CREATE INDEX "workout_plan_exercises_by_exercise" ON "workout_plan_exercises" USING btree ("exercise_id");--> statement-breakpoint
CREATE INDEX "workout_plans_by_owner" ON "workout_plans" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "workout_plans_public" ON "workout_plans" USING btree ("created_at","id") WHERE "workout_plans"."visibility" = 'PUBLIC';--> statement-breakpoint
CREATE INDEX "workout_repeats_by_owner" ON "workout_repeats" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "workout_repeats_by_plan" ON "workout_repeats" USING btree ("plan_id");--> statement-breakpoint
CREATE INDEX "workout_repeats_unfilled" ON "workout_repeats" USING btree ("filled_through","id");--> statement-breakpoint
CREATE INDEX "workout_exercises_by_exercise" ON "workout_exercises" USING btree ("exercise_id");--> statement-breakpoint
CREATE INDEX "workout_exercises_progress" ON "workout_exercises" USING btree ("owner_id","exercise_id","workout_id");--> statement-breakpoint
CREATE INDEX "workouts_by_owner" ON "workouts" USING btree ("owner_id","starts_at","id");--> statement-breakpoint
CREATE INDEX "workouts_done" ON "workouts" USING btree ("owner_id","started_at","id") WHERE "workouts"."status" = 'DONE';--> statement-breakpoint
CREATE INDEX "workouts_open" ON "workouts" USING btree ("owner_id","starts_at","id") WHERE "workouts"."status" in ('PLANNED', 'IN_PROGRESS');--> statement-breakpoint
CREATE INDEX "workouts_public" ON "workouts" USING btree ("started_at","id") WHERE "workouts"."status" = 'DONE' and "workouts"."visibility" = 'PUBLIC';--> statement-breakpoint
CREATE INDEX "workouts_by_plan" ON "workouts" USING btree ("plan_id");--> statement-breakpoint
-- Written by hand: what the sets of an exercise come to stands beside the exercise, and the database keeps it so. Warm-ups do not count.
CREATE FUNCTION "sum_workout_exercise"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "workout_exercises" e SET
		"set_count" = s."set_count", "rep_count" = s."rep_count", "volume_grams" = s."volume_grams",
		"total_seconds" = s."total_seconds", "total_metres" = s."total_metres",
		"best_one_rep_max_grams" = s."best_one_rep_max_grams", "max_weight_grams" = s."max_weight_grams",
		"most_reps" = s."most_reps", "longest_seconds" = s."longest_seconds", "longest_metres" = s."longest_metres"
	FROM (
		SELECT count(*)::int AS "set_count", coalesce(sum("reps"), 0)::int AS "rep_count",
			coalesce(sum("weight_grams"::bigint * "reps"), 0)::bigint AS "volume_grams",
			coalesce(sum("duration_seconds"), 0)::int AS "total_seconds", coalesce(sum("distance_metres"), 0)::int AS "total_metres",
			max("one_rep_max_grams") AS "best_one_rep_max_grams",
			max("weight_grams") FILTER (WHERE "reps" IS NULL OR "reps" > 0) AS "max_weight_grams",
			max("reps") AS "most_reps", max("duration_seconds") AS "longest_seconds", max("distance_metres") AS "longest_metres"
		FROM "workout_sets" WHERE "workout_exercise_id" = coalesce(new."workout_exercise_id", old."workout_exercise_id") AND "kind" <> 'WARM_UP'
	) s
	WHERE e."id" = coalesce(new."workout_exercise_id", old."workout_exercise_id");
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "workout_sets_sum_up" AFTER INSERT OR DELETE OR UPDATE OF "kind", "reps", "weight_grams", "duration_seconds", "distance_metres" ON "workout_sets"
	FOR EACH ROW EXECUTE FUNCTION "sum_workout_exercise"();
