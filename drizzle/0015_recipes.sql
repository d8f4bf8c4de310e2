CREATE TYPE "public"."unit_kind" AS ENUM('MASS', 'VOLUME', 'COUNT');--> statement-breakpoint
CREATE TYPE "public"."unit_system" AS ENUM('METRIC', 'US', 'ANY');--> statement-breakpoint
CREATE TYPE "public"."recipe_status" AS ENUM('DRAFT', 'PUBLISHED', 'ARCHIVED');--> statement-breakpoint
ALTER TYPE "public"."notification_kind" ADD VALUE 'RECIPE_PUBLISHED' BEFORE 'SHOWTIME_CANCELLED';--> statement-breakpoint
ALTER TYPE "public"."subject_kind" ADD VALUE 'RECIPE' BEFORE 'REVIEW';--> statement-breakpoint
CREATE TABLE "catalogue_syncs" (
	"name" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"synced_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "food_names" (
	"key" text PRIMARY KEY NOT NULL,
	"food_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "foods" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"plural" text NOT NULL,
	"aisle" text NOT NULL,
	"is_liquid" boolean DEFAULT false NOT NULL,
	"grams_per_cup" numeric(8, 2),
	"grams_each" numeric(8, 2),
	"each_unit" text,
	"energy_kcal" numeric(7, 2),
	"protein_g" numeric(7, 2),
	"fat_g" numeric(7, 2),
	"carbohydrate_g" numeric(7, 2),
	"fibre_g" numeric(7, 2),
	"sodium_mg" numeric(8, 2),
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "foods_slug_taken" UNIQUE("slug"),
	CONSTRAINT "foods_each" CHECK (("foods"."grams_each" is null) = ("foods"."each_unit" is null)),
	CONSTRAINT "foods_weights" CHECK ("foods"."grams_per_cup" > 0 and "foods"."grams_each" > 0),
	CONSTRAINT "foods_nutrition" CHECK (num_nulls("foods"."energy_kcal", "foods"."protein_g", "foods"."fat_g", "foods"."carbohydrate_g", "foods"."fibre_g", "foods"."sodium_mg") in (0, 6))
);
--> statement-breakpoint
CREATE TABLE "units" (
	"code" text PRIMARY KEY NOT NULL,
	"kind" "unit_kind" NOT NULL,
	"system" "unit_system" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cooked_meals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"recipe_id" uuid,
	"title" text NOT NULL,
	"cooked_on" date NOT NULL,
	"servings" integer,
	"note" text DEFAULT '' NOT NULL,
	"photo_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cooked_meals_one_photo" UNIQUE("photo_id"),
	CONSTRAINT "cooked_meals_servings" CHECK ("cooked_meals"."servings" between 1 and 1000)
);
--> statement-breakpoint
CREATE TABLE "recipe_favourites" (
	"account_id" uuid NOT NULL,
	"recipe_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recipe_favourites_once" PRIMARY KEY("account_id","recipe_id")
);
--> statement-breakpoint
CREATE TABLE "recipe_images" (
	"recipe_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"upload_id" uuid NOT NULL,
	"alt" text NOT NULL,
	CONSTRAINT "recipe_images_in_order" PRIMARY KEY("recipe_id","position"),
	CONSTRAINT "recipe_images_once" UNIQUE("upload_id")
);
--> statement-breakpoint
CREATE TABLE "recipe_ingredients" (
	"recipe_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"group_title" text DEFAULT '' NOT NULL,
	"from_numerator" integer,
	"from_denominator" integer,
	"to_numerator" integer,
	"to_denominator" integer,
	"unit" text,
	"food" text NOT NULL,
	"food_key" text NOT NULL,
	"food_id" uuid,
	"note" text DEFAULT '' NOT NULL,
	"is_optional" boolean DEFAULT false NOT NULL,
	CONSTRAINT "recipe_ingredients_in_order" PRIMARY KEY("recipe_id","position"),
	CONSTRAINT "recipe_ingredients_amount" CHECK (("recipe_ingredients"."from_numerator" is null) = ("recipe_ingredients"."from_denominator" is null) and ("recipe_ingredients"."to_numerator" is null) = ("recipe_ingredients"."to_denominator" is null)
        and ("recipe_ingredients"."to_numerator" is null or "recipe_ingredients"."from_numerator" is not null) and "recipe_ingredients"."from_numerator" > 0 and "recipe_ingredients"."from_denominator" > 0 and "recipe_ingredients"."to_denominator" > 0
        and "recipe_ingredients"."to_numerator"::bigint * "recipe_ingredients"."from_denominator" > "recipe_ingredients"."from_numerator"::bigint * "recipe_ingredients"."to_denominator"),
	CONSTRAINT "recipe_ingredients_unit_of_amount" CHECK ("recipe_ingredients"."unit" is null or "recipe_ingredients"."from_numerator" is not null)
);
--> statement-breakpoint
CREATE TABLE "recipe_labels" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recipe_search" (
	"recipe_id" uuid PRIMARY KEY NOT NULL,
	"chef_id" uuid NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"total_minutes" integer NOT NULL,
	"rating" numeric(3, 2),
	"rating_count" integer DEFAULT 0 NOT NULL,
	"rating_score" integer DEFAULT 3000 NOT NULL,
	"facets" text[] NOT NULL,
	"body_text" text NOT NULL,
	"search" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recipe_slugs" (
	"chef_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"recipe_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recipe_slugs_taken" PRIMARY KEY("chef_id","slug")
);
--> statement-breakpoint
CREATE TABLE "recipe_steps" (
	"recipe_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"section_title" text DEFAULT '' NOT NULL,
	"body" text NOT NULL,
	"body_html" text NOT NULL,
	"body_text" text NOT NULL,
	"minutes" integer,
	CONSTRAINT "recipe_steps_in_order" PRIMARY KEY("recipe_id","position"),
	CONSTRAINT "recipe_steps_minutes" CHECK ("recipe_steps"."minutes" between 1 and 43200)
);
--> statement-breakpoint
CREATE TABLE "recipes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"chef_id" uuid NOT NULL,
	"title" text NOT NULL,
	"slug" text NOT NULL,
	"summary" text DEFAULT '' NOT NULL,
	"status" "recipe_status" DEFAULT 'DRAFT' NOT NULL,
	"archived_by_staff" boolean DEFAULT false NOT NULL,
	"servings" integer NOT NULL,
	"makes" text DEFAULT '' NOT NULL,
	"prep_minutes" integer,
	"cook_minutes" integer,
	"total_minutes" integer,
	"cuisine" text DEFAULT '' NOT NULL,
	"cuisine_slug" text DEFAULT '' NOT NULL,
	"diets" text[] DEFAULT '{}' NOT NULL,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"energy_kcal" numeric(9, 2),
	"protein_g" numeric(9, 2),
	"fat_g" numeric(9, 2),
	"carbohydrate_g" numeric(9, 2),
	"fibre_g" numeric(9, 2),
	"sodium_mg" numeric(9, 2),
	"source_url" text,
	"published_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "recipes_title_length" CHECK (char_length("recipes"."title") between 1 and 200),
	CONSTRAINT "recipes_servings" CHECK ("recipes"."servings" between 1 and 1000),
	CONSTRAINT "recipes_times" CHECK ("recipes"."prep_minutes" between 0 and 43200 and "recipes"."cook_minutes" between 0 and 43200 and "recipes"."total_minutes" between 0 and 86400),
	CONSTRAINT "recipes_published_has_time" CHECK ("recipes"."status" = 'DRAFT' or "recipes"."published_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "food_names" ADD CONSTRAINT "food_names_food_id_foods_id_fk" FOREIGN KEY ("food_id") REFERENCES "public"."foods"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "foods" ADD CONSTRAINT "foods_each_unit_units_code_fk" FOREIGN KEY ("each_unit") REFERENCES "public"."units"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cooked_meals" ADD CONSTRAINT "cooked_meals_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cooked_meals" ADD CONSTRAINT "cooked_meals_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cooked_meals" ADD CONSTRAINT "cooked_meals_photo_id_uploads_id_fk" FOREIGN KEY ("photo_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_favourites" ADD CONSTRAINT "recipe_favourites_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_favourites" ADD CONSTRAINT "recipe_favourites_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_images" ADD CONSTRAINT "recipe_images_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_images" ADD CONSTRAINT "recipe_images_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_ingredients" ADD CONSTRAINT "recipe_ingredients_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_ingredients" ADD CONSTRAINT "recipe_ingredients_unit_units_code_fk" FOREIGN KEY ("unit") REFERENCES "public"."units"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_ingredients" ADD CONSTRAINT "recipe_ingredients_food_id_foods_id_fk" FOREIGN KEY ("food_id") REFERENCES "public"."foods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_search" ADD CONSTRAINT "recipe_search_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_slugs" ADD CONSTRAINT "recipe_slugs_chef_id_accounts_id_fk" FOREIGN KEY ("chef_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_slugs" ADD CONSTRAINT "recipe_slugs_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipe_steps" ADD CONSTRAINT "recipe_steps_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipes" ADD CONSTRAINT "recipes_id_subjects_id_fk" FOREIGN KEY ("id") REFERENCES "public"."subjects"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipes" ADD CONSTRAINT "recipes_chef_id_accounts_id_fk" FOREIGN KEY ("chef_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "food_names_by_food" ON "food_names" USING btree ("food_id");--> statement-breakpoint
CREATE INDEX "foods_by_name" ON "foods" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "cooked_meals_newest" ON "cooked_meals" USING btree ("account_id","cooked_on","id");--> statement-breakpoint
CREATE INDEX "cooked_meals_by_recipe" ON "cooked_meals" USING btree ("recipe_id","account_id","cooked_on","id");--> statement-breakpoint
CREATE INDEX "recipe_favourites_newest" ON "recipe_favourites" USING btree ("account_id","created_at","recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_favourites_by_recipe" ON "recipe_favourites" USING btree ("recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_ingredients_by_food" ON "recipe_ingredients" USING btree ("food_id","recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_ingredients_unknown" ON "recipe_ingredients" USING btree ("food_key") WHERE "recipe_ingredients"."food_id" is null;--> statement-breakpoint
CREATE INDEX "recipe_search_newest" ON "recipe_search" USING btree ("published_at","recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_search_newest_by_chef" ON "recipe_search" USING btree ("chef_id","published_at","recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_search_quickest" ON "recipe_search" USING btree ("total_minutes","recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_search_best" ON "recipe_search" USING btree ("rating_score","recipe_id");--> statement-breakpoint
CREATE INDEX "recipe_search_facets" ON "recipe_search" USING gin ("facets","search") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "recipe_slugs_by_recipe" ON "recipe_slugs" USING btree ("recipe_id");--> statement-breakpoint
CREATE INDEX "recipes_updated_by_chef" ON "recipes" USING btree ("chef_id","updated_at","id");--> statement-breakpoint
-- Written by hand: pictures that nothing shows any more are let go of, and a recipe's row in the lists carries its stars.
CREATE CONSTRAINT TRIGGER "recipe_images_release_upload" AFTER DELETE OR UPDATE OF "upload_id" ON "recipe_images" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "release_upload"('upload_id');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "cooked_meals_release_upload" AFTER DELETE OR UPDATE OF "photo_id" ON "cooked_meals" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."photo_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('photo_id');
--> statement-breakpoint
CREATE FUNCTION "rate_recipe"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "recipe_search" SET "rating" = round(new."star_sum"::numeric / nullif(new."review_count", 0), 2), "rating_count" = new."review_count",
		"rating_score" = (new."star_sum" + 15) * 1000 / (new."review_count" + 5) WHERE "recipe_id" = new."subject_id";
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "review_totals_rate_recipe" AFTER INSERT OR UPDATE ON "review_totals" FOR EACH ROW EXECUTE FUNCTION "rate_recipe"();
