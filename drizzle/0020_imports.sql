CREATE TYPE "public"."import_kind" AS ENUM('EXPENSES', 'PRODUCTS', 'EXCHANGE_RATES');--> statement-breakpoint
CREATE TYPE "public"."import_status" AS ENUM('PENDING', 'RUNNING', 'DONE', 'FAILED');--> statement-breakpoint
CREATE TABLE "expense_receipts" (
	"expense_id" uuid NOT NULL,
	"upload_id" uuid NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "expense_receipts_once" PRIMARY KEY("expense_id","upload_id"),
	CONSTRAINT "expense_receipts_upload_once" UNIQUE("upload_id"),
	CONSTRAINT "expense_receipts_position" CHECK ("expense_receipts"."position" between 0 and 9)
);
--> statement-breakpoint
CREATE TABLE "import_refusals" (
	"import_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"column" text NOT NULL,
	"message" text NOT NULL,
	CONSTRAINT "import_refusals_once" PRIMARY KEY("import_id","line","column")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"kind" "import_kind" NOT NULL,
	"status" "import_status" DEFAULT 'PENDING' NOT NULL,
	"upload_id" uuid,
	"filename" text NOT NULL,
	"options" jsonb NOT NULL,
	"rows_read" integer DEFAULT 0 NOT NULL,
	"rows_kept" integer DEFAULT 0 NOT NULL,
	"rows_known" integer DEFAULT 0 NOT NULL,
	"rows_refused" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "imports_upload_once" UNIQUE("upload_id"),
	CONSTRAINT "imports_counts" CHECK ("imports"."rows_read" = "imports"."rows_kept" + "imports"."rows_known" + "imports"."rows_refused"),
	CONSTRAINT "imports_finished" CHECK (("imports"."status" in ('DONE', 'FAILED')) = ("imports"."finished_at" is not null))
);
--> statement-breakpoint
ALTER TABLE "expense_receipts" ADD CONSTRAINT "expense_receipts_expense_id_expenses_id_fk" FOREIGN KEY ("expense_id") REFERENCES "public"."expenses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "expense_receipts" ADD CONSTRAINT "expense_receipts_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_refusals" ADD CONSTRAINT "import_refusals_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_upload_id_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."uploads"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_newest" ON "imports" USING btree ("account_id","created_at","id");--> statement-breakpoint
-- Written by hand: the file of an import goes when it is done.
CREATE CONSTRAINT TRIGGER "imports_release_upload" AFTER DELETE OR UPDATE OF "upload_id" ON "imports" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."upload_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('upload_id');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "expense_receipts_release_upload" AFTER DELETE OR UPDATE OF "upload_id" ON "expense_receipts" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."upload_id" IS NOT NULL) EXECUTE FUNCTION "release_upload"('upload_id');
