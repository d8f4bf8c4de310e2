CREATE INDEX "accounts_search" ON "accounts" USING gin (to_tsvector('simple', "handle" || ' ' || "name")) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "expenses_search" ON "expenses" USING gin (to_tsvector('english', "description" || ' ' || "note")) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "polls_search" ON "polls" USING gin (to_tsvector('english', "question")) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "food_names_search" ON "food_names" USING gin (to_tsvector('english', "key")) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "exercises_search" ON "exercises" USING gin (to_tsvector('english', "name")) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "workout_plans_search" ON "workout_plans" USING gin (to_tsvector('english', "name")) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "workouts_search" ON "workouts" USING gin (to_tsvector('english', "name")) WITH (fastupdate=false);