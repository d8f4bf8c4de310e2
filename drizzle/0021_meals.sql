CREATE TYPE "public"."meal_time" AS ENUM('BREAKFAST', 'LUNCH', 'DINNER', 'SNACK');--> statement-breakpoint
CREATE TABLE "food_variants" (
	"food_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"pack_numerator" integer NOT NULL,
	"pack_denominator" integer NOT NULL,
	"pack_unit" text,
	CONSTRAINT "food_variants_once" PRIMARY KEY("food_id","variant_id"),
	CONSTRAINT "food_variants_pack" CHECK ("food_variants"."pack_numerator" > 0 and "food_variants"."pack_denominator" > 0)
);
--> statement-breakpoint
CREATE TABLE "planned_meals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"day" date NOT NULL,
	"time" "meal_time" NOT NULL,
	"time_rank" integer GENERATED ALWAYS AS (case "planned_meals"."time" when 'BREAKFAST' then 0 when 'LUNCH' then 1 when 'DINNER' then 2 else 3 end) STORED NOT NULL,
	"position" integer NOT NULL,
	"recipe_id" uuid,
	"title" text NOT NULL,
	"servings" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "planned_meals_in_order" UNIQUE("account_id","day","time","position"),
	CONSTRAINT "planned_meals_dishes" CHECK ("planned_meals"."position" between 0 and 9),
	CONSTRAINT "planned_meals_servings" CHECK ("planned_meals"."servings" between 1 and 1000)
);
--> statement-breakpoint
CREATE TABLE "shopping_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"list_id" uuid NOT NULL,
	"need_key" text,
	"food_id" uuid,
	"name" text NOT NULL,
	"aisle" text DEFAULT '' NOT NULL,
	"numerator" numeric(40, 0),
	"denominator" numeric(40, 0),
	"unit" text,
	"note" text DEFAULT '' NOT NULL,
	"is_checked" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "shopping_items_once" UNIQUE("list_id","need_key"),
	CONSTRAINT "shopping_items_amount" CHECK (("shopping_items"."numerator" is null) = ("shopping_items"."denominator" is null) and "shopping_items"."numerator" > 0 and "shopping_items"."denominator" > 0 and ("shopping_items"."unit" is null or "shopping_items"."numerator" is not null))
);
--> statement-breakpoint
CREATE TABLE "shopping_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"title" text NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "shopping_lists_days" CHECK ("shopping_lists"."from_day" <= "shopping_lists"."to_day")
);
--> statement-breakpoint
ALTER TABLE "food_variants" ADD CONSTRAINT "food_variants_food_id_foods_id_fk" FOREIGN KEY ("food_id") REFERENCES "public"."foods"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "food_variants" ADD CONSTRAINT "food_variants_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "food_variants" ADD CONSTRAINT "food_variants_pack_unit_units_code_fk" FOREIGN KEY ("pack_unit") REFERENCES "public"."units"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_meals" ADD CONSTRAINT "planned_meals_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_meals" ADD CONSTRAINT "planned_meals_recipe_id_recipes_id_fk" FOREIGN KEY ("recipe_id") REFERENCES "public"."recipes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shopping_items" ADD CONSTRAINT "shopping_items_list_id_shopping_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."shopping_lists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shopping_items" ADD CONSTRAINT "shopping_items_food_id_foods_id_fk" FOREIGN KEY ("food_id") REFERENCES "public"."foods"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shopping_items" ADD CONSTRAINT "shopping_items_unit_units_code_fk" FOREIGN KEY ("unit") REFERENCES "public"."units"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shopping_lists" ADD CONSTRAINT "shopping_lists_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "food_variants_by_variant" ON "food_variants" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "planned_meals_by_day" ON "planned_meals" USING btree ("account_id","day","time_rank","position","id");--> statement-breakpoint
CREATE INDEX "planned_meals_by_recipe" ON "planned_meals" USING btree ("recipe_id");--> statement-breakpoint
CREATE INDEX "shopping_items_in_order" ON "shopping_items" USING btree ("list_id","aisle","name","id");--> statement-breakpoint
CREATE INDEX "shopping_lists_newest" ON "shopping_lists" USING btree ("account_id","created_at","id");