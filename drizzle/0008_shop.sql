CREATE TYPE "public"."payment_status" AS ENUM('REQUIRES_PAYMENT_METHOD', 'REQUIRES_ACTION', 'PROCESSING', 'CANCELED', 'SUCCEEDED');--> statement-breakpoint
CREATE TYPE "public"."coupon_kind" AS ENUM('PERCENT', 'FIXED');--> statement-breakpoint
CREATE TYPE "public"."product_status" AS ENUM('DRAFT', 'ACTIVE', 'ARCHIVED');--> statement-breakpoint
CREATE TYPE "public"."line_kind" AS ENUM('GOODS', 'TICKET');--> statement-breakpoint
CREATE TYPE "public"."order_status" AS ENUM('PENDING', 'PAID', 'FULFILLED', 'COMPLETED', 'CANCELLED', 'REFUNDED');--> statement-breakpoint
CREATE TYPE "public"."refund_status" AS ENUM('PENDING', 'SUCCEEDED', 'FAILED');--> statement-breakpoint
CREATE TYPE "public"."movement_kind" AS ENUM('IN', 'OUT', 'CORRECTION');--> statement-breakpoint
CREATE TABLE "payment_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"payment_id" uuid,
	"payload" jsonb NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"gateway" text NOT NULL,
	"reference" text,
	"client_secret" text,
	"amount_minor" integer NOT NULL,
	"currency" text NOT NULL,
	"status" "payment_status" DEFAULT 'REQUIRES_PAYMENT_METHOD' NOT NULL,
	"observed_at" integer DEFAULT 0 NOT NULL,
	"decline_code" text,
	"next_action_url" text,
	"refunded_minor" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payments_one_per_order" UNIQUE("order_id"),
	CONSTRAINT "payments_reference" UNIQUE("reference"),
	CONSTRAINT "payments_amount" CHECK ("payments"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "test_payments" (
	"reference" text PRIMARY KEY NOT NULL,
	"idempotency_key" text NOT NULL,
	"order_id" uuid NOT NULL,
	"client_secret" text NOT NULL,
	"amount_minor" integer NOT NULL,
	"currency" text NOT NULL,
	"status" "payment_status" DEFAULT 'REQUIRES_PAYMENT_METHOD' NOT NULL,
	"decline_code" text,
	"refunded_minor" integer DEFAULT 0 NOT NULL,
	"moved_at" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "test_payments_once" UNIQUE("idempotency_key"),
	CONSTRAINT "test_payments_refunded" CHECK ("test_payments"."refunded_minor" between 0 and "test_payments"."amount_minor")
);
--> statement-breakpoint
CREATE TABLE "test_refunds" (
	"reference" text PRIMARY KEY NOT NULL,
	"idempotency_key" text NOT NULL,
	"payment" text NOT NULL,
	"amount_minor" integer NOT NULL,
	CONSTRAINT "test_refunds_once" UNIQUE("idempotency_key"),
	CONSTRAINT "test_refunds_by_payment" UNIQUE("payment","reference")
);
--> statement-breakpoint
CREATE TABLE "cart_coupons" (
	"cart_id" uuid NOT NULL,
	"coupon_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "cart_coupons_once" PRIMARY KEY("cart_id","coupon_id")
);
--> statement-breakpoint
CREATE TABLE "cart_items" (
	"cart_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"seen_price_minor" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "cart_items_once" PRIMARY KEY("cart_id","variant_id"),
	CONSTRAINT "cart_items_quantity" CHECK ("cart_items"."quantity" between 1 and 99)
);
--> statement-breakpoint
CREATE TABLE "carts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid,
	"token_hash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "carts_one_of_account" UNIQUE("account_id"),
	CONSTRAINT "carts_token" UNIQUE("token_hash"),
	CONSTRAINT "carts_belong_to_someone" CHECK (("carts"."account_id" is null) <> ("carts"."token_hash" is null))
);
--> statement-breakpoint
CREATE TABLE "coupon_holds" (
	"order_id" uuid NOT NULL,
	"coupon_id" uuid NOT NULL,
	"buyer_key" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "coupon_holds_once" PRIMARY KEY("order_id","coupon_id")
);
--> statement-breakpoint
CREATE TABLE "coupon_uses" (
	"order_id" uuid NOT NULL,
	"coupon_id" uuid NOT NULL,
	"buyer_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "coupon_uses_once" PRIMARY KEY("order_id","coupon_id")
);
--> statement-breakpoint
CREATE TABLE "coupons" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"kind" "coupon_kind" NOT NULL,
	"percent_basis_points" integer,
	"amount_minor" integer,
	"currency" text NOT NULL,
	"min_subtotal_minor" integer DEFAULT 0 NOT NULL,
	"valid_from" timestamp with time zone,
	"valid_until" timestamp with time zone,
	"max_uses" integer,
	"max_uses_per_member" integer,
	"is_stackable" boolean DEFAULT false NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"used_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "coupons_code_taken" UNIQUE("code"),
	CONSTRAINT "coupons_code_form" CHECK ("coupons"."code" ~ '^[A-Z0-9][A-Z0-9-]{2,29}$'),
	CONSTRAINT "coupons_value" CHECK (("coupons"."kind" = 'PERCENT' and "coupons"."amount_minor" is null and "coupons"."percent_basis_points" between 1 and 10000 and "coupons"."percent_basis_points" is not null)
        or ("coupons"."kind" = 'FIXED' and "coupons"."percent_basis_points" is null and "coupons"."amount_minor" between 1 and 99999999 and "coupons"."amount_minor" is not null)),
	CONSTRAINT "coupons_minimum" CHECK ("coupons"."min_subtotal_minor" between 0 and 99999999),
	CONSTRAINT "coupons_validity" CHECK ("coupons"."valid_from" < "coupons"."valid_until"),
	CONSTRAINT "coupons_caps" CHECK ("coupons"."max_uses" > 0 and "coupons"."max_uses_per_member" > 0),
	CONSTRAINT "coupons_not_used_too_often" CHECK ("coupons"."used_count" >= 0 and "coupons"."used_count" <= "coupons"."max_uses")
);
--> statement-breakpoint
CREATE TABLE "product_categories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"parent_id" uuid,
	"parent_depth" integer,
	"depth" integer GENERATED ALWAYS AS (coalesce("product_categories"."parent_depth" + 1, 0)) STORED NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "product_categories_slug_taken" UNIQUE("slug"),
	CONSTRAINT "product_categories_at_depth" UNIQUE("id","depth"),
	CONSTRAINT "product_categories_depth" CHECK ("product_categories"."parent_depth" is null or "product_categories"."parent_depth" between 0 and 4),
	CONSTRAINT "product_categories_parent" CHECK (("product_categories"."parent_id" is null) = ("product_categories"."parent_depth" is null))
);
--> statement-breakpoint
CREATE TABLE "product_images" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"url" text NOT NULL,
	"alt" text NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "product_images_in_order" UNIQUE("product_id","position")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" uuid PRIMARY KEY NOT NULL,
	"category_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"brand" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"status" "product_status" DEFAULT 'DRAFT' NOT NULL,
	"from_price_minor" integer,
	"rating_sum" integer DEFAULT 0 NOT NULL,
	"rating_count" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('english', "products"."name"), 'A') || setweight(to_tsvector('english', "products"."brand"), 'B') || setweight(to_tsvector('english', "products"."description"), 'C')) STORED NOT NULL,
	CONSTRAINT "products_slug_taken" UNIQUE("slug"),
	CONSTRAINT "products_rating" CHECK ("products"."rating_count" >= 0 and "products"."rating_sum" between "products"."rating_count" and 5 * "products"."rating_count"),
	CONSTRAINT "products_on_sale_has_price" CHECK ("products"."status" <> 'ACTIVE' or "products"."from_price_minor" is not null)
);
--> statement-breakpoint
CREATE TABLE "variant_attributes" (
	"variant_id" uuid NOT NULL,
	"name" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "variant_attributes_once" PRIMARY KEY("variant_id","name")
);
--> statement-breakpoint
CREATE TABLE "variants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"product_id" uuid NOT NULL,
	"sku" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"price_minor" integer NOT NULL,
	"currency" text NOT NULL,
	"low_stock_at" integer,
	"is_on_sale" boolean DEFAULT true NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "variants_sku_taken" UNIQUE("sku"),
	CONSTRAINT "variants_sku_form" CHECK ("variants"."sku" ~ '^[A-Z0-9](?:[A-Z0-9._-]{0,38}[A-Z0-9])?$'),
	CONSTRAINT "variants_price" CHECK ("variants"."price_minor" between 1 and 99999999),
	CONSTRAINT "variants_currency" CHECK ("variants"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "variants_low_stock" CHECK ("variants"."low_stock_at" between 0 and 1000000)
);
--> statement-breakpoint
CREATE TABLE "wishes" (
	"account_id" uuid NOT NULL,
	"product_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wishes_once" PRIMARY KEY("account_id","product_id")
);
--> statement-breakpoint
CREATE TABLE "order_coupons" (
	"order_id" uuid NOT NULL,
	"coupon_id" uuid NOT NULL,
	"code" text NOT NULL,
	"discount_minor" integer NOT NULL,
	CONSTRAINT "order_coupons_once" PRIMARY KEY("order_id","coupon_id")
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" "line_kind" NOT NULL,
	"ref_id" uuid NOT NULL,
	"title" text NOT NULL,
	"detail" text NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price_minor" integer NOT NULL,
	"discount_minor" integer NOT NULL,
	"tax_minor" integer NOT NULL,
	"is_taxed" boolean NOT NULL,
	"is_shipped" boolean NOT NULL,
	"refunded_quantity" integer DEFAULT 0 NOT NULL,
	"refunded_minor" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "order_lines_in_order" UNIQUE("order_id","position"),
	CONSTRAINT "order_lines_quantity" CHECK ("order_lines"."quantity" > 0 and "order_lines"."refunded_quantity" between 0 and "order_lines"."quantity"),
	CONSTRAINT "order_lines_refunded" CHECK ("order_lines"."refunded_minor" between 0 and "order_lines"."quantity" * "order_lines"."unit_price_minor" - "order_lines"."discount_minor" + "order_lines"."tax_minor")
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid,
	"token_hash" text,
	"cart_id" uuid NOT NULL,
	"checkout_key" text NOT NULL,
	"input_hash" text NOT NULL,
	"status" "order_status" DEFAULT 'PENDING' NOT NULL,
	"has_lapsed" boolean DEFAULT false NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"street" text NOT NULL,
	"postal_code" text NOT NULL,
	"city" text NOT NULL,
	"country" text NOT NULL,
	"currency" text NOT NULL,
	"subtotal_minor" integer NOT NULL,
	"discount_minor" integer NOT NULL,
	"shipping_minor" integer NOT NULL,
	"shipping_tax_minor" integer NOT NULL,
	"tax_minor" integer NOT NULL,
	"total_minor" integer NOT NULL,
	"refunded_minor" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"paid_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_once" UNIQUE("cart_id","checkout_key"),
	CONSTRAINT "orders_total" CHECK ("orders"."total_minor" = "orders"."subtotal_minor" - "orders"."discount_minor" + "orders"."shipping_minor" + "orders"."tax_minor" and "orders"."total_minor" between 0 and 99999999),
	CONSTRAINT "orders_refunded" CHECK ("orders"."refunded_minor" between 0 and "orders"."total_minor"),
	CONSTRAINT "orders_paid_has_time" CHECK ("orders"."status" not in ('PAID', 'FULFILLED', 'COMPLETED') or "orders"."paid_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"order_id" uuid NOT NULL,
	"amount_minor" integer NOT NULL,
	"status" "refund_status" DEFAULT 'PENDING' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"reference" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "stock_holds" (
	"order_id" uuid NOT NULL,
	"variant_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "stock_holds_once" PRIMARY KEY("order_id","variant_id"),
	CONSTRAINT "stock_holds_quantity" CHECK ("stock_holds"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "stock_levels" (
	"variant_id" uuid PRIMARY KEY NOT NULL,
	"quantity" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "stock_levels_not_below_zero" CHECK ("stock_levels"."quantity" >= 0)
);
--> statement-breakpoint
CREATE TABLE "stock_movements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"variant_id" uuid NOT NULL,
	"kind" "movement_kind" NOT NULL,
	"quantity" integer NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"actor_id" uuid,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "stock_movements_direction" CHECK (("stock_movements"."kind" = 'IN' and "stock_movements"."quantity" > 0) or ("stock_movements"."kind" = 'OUT' and "stock_movements"."quantity" < 0) or ("stock_movements"."kind" = 'CORRECTION' and "stock_movements"."quantity" <> 0))
);
--> statement-breakpoint
ALTER TABLE "payment_events" ADD CONSTRAINT "payment_events_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "public"."payments"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_refunds" ADD CONSTRAINT "test_refunds_payment_test_payments_reference_fk" FOREIGN KEY ("payment") REFERENCES "public"."test_payments"("reference") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cart_coupons" ADD CONSTRAINT "cart_coupons_cart_id_carts_id_fk" FOREIGN KEY ("cart_id") REFERENCES "public"."carts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cart_coupons" ADD CONSTRAINT "cart_coupons_coupon_id_coupons_id_fk" FOREIGN KEY ("coupon_id") REFERENCES "public"."coupons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cart_items" ADD CONSTRAINT "cart_items_cart_id_carts_id_fk" FOREIGN KEY ("cart_id") REFERENCES "public"."carts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cart_items" ADD CONSTRAINT "cart_items_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carts" ADD CONSTRAINT "carts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupon_holds" ADD CONSTRAINT "coupon_holds_coupon_id_coupons_id_fk" FOREIGN KEY ("coupon_id") REFERENCES "public"."coupons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupon_uses" ADD CONSTRAINT "coupon_uses_coupon_id_coupons_id_fk" FOREIGN KEY ("coupon_id") REFERENCES "public"."coupons"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_categories" ADD CONSTRAINT "product_categories_below_parent" FOREIGN KEY ("parent_id","parent_depth") REFERENCES "public"."product_categories"("id","depth") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "product_images" ADD CONSTRAINT "product_images_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_category_id_product_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."product_categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variant_attributes" ADD CONSTRAINT "variant_attributes_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "variants" ADD CONSTRAINT "variants_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wishes" ADD CONSTRAINT "wishes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wishes" ADD CONSTRAINT "wishes_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_coupons" ADD CONSTRAINT "order_coupons_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_coupons" ADD CONSTRAINT "order_coupons_coupon_id_coupons_id_fk" FOREIGN KEY ("coupon_id") REFERENCES "public"."coupons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_holds" ADD CONSTRAINT "stock_holds_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_levels" ADD CONSTRAINT "stock_levels_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_variant_id_variants_id_fk" FOREIGN KEY ("variant_id") REFERENCES "public"."variants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stock_movements" ADD CONSTRAINT "stock_movements_actor_id_accounts_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payment_events_by_payment" ON "payment_events" USING btree ("payment_id","received_at");--> statement-breakpoint
CREATE INDEX "payment_events_by_age" ON "payment_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "test_payments_by_order" ON "test_payments" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "cart_coupons_by_coupon" ON "cart_coupons" USING btree ("coupon_id");--> statement-breakpoint
CREATE INDEX "cart_items_by_variant" ON "cart_items" USING btree ("variant_id");--> statement-breakpoint
CREATE INDEX "carts_of_guests_by_age" ON "carts" USING btree ("updated_at") WHERE "carts"."account_id" is null;--> statement-breakpoint
CREATE INDEX "coupon_holds_by_coupon" ON "coupon_holds" USING btree ("coupon_id","buyer_key","expires_at");--> statement-breakpoint
CREATE INDEX "coupon_uses_by_buyer" ON "coupon_uses" USING btree ("coupon_id","buyer_key");--> statement-breakpoint
CREATE INDEX "coupons_newest" ON "coupons" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "product_categories_in_order" ON "product_categories" USING btree ("parent_id","position","slug");--> statement-breakpoint
CREATE INDEX "products_newest" ON "products" USING btree ("created_at","id") WHERE "products"."status" = 'ACTIVE';--> statement-breakpoint
CREATE INDEX "products_by_price" ON "products" USING btree ("from_price_minor","id") WHERE "products"."status" = 'ACTIVE';--> statement-breakpoint
CREATE INDEX "products_newest_by_category" ON "products" USING btree ("category_id","created_at","id") WHERE "products"."status" = 'ACTIVE';--> statement-breakpoint
CREATE INDEX "products_recently_updated" ON "products" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "products_search" ON "products" USING gin ("search") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "variant_attributes_by_value" ON "variant_attributes" USING btree ("name","value","variant_id");--> statement-breakpoint
CREATE INDEX "variants_in_order" ON "variants" USING btree ("product_id","position","sku");--> statement-breakpoint
CREATE INDEX "wishes_newest" ON "wishes" USING btree ("account_id","created_at","product_id");--> statement-breakpoint
CREATE INDEX "wishes_by_product" ON "wishes" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "order_coupons_by_coupon" ON "order_coupons" USING btree ("coupon_id");--> statement-breakpoint
CREATE INDEX "order_lines_by_ref" ON "order_lines" USING btree ("ref_id");--> statement-breakpoint
CREATE INDEX "orders_newest_by_account" ON "orders" USING btree ("account_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_newest" ON "orders" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "orders_paid" ON "orders" USING btree ("paid_at") WHERE "orders"."paid_at" is not null;--> statement-breakpoint
CREATE INDEX "orders_lapsing" ON "orders" USING btree ("expires_at") WHERE "orders"."status" = 'PENDING';--> statement-breakpoint
CREATE INDEX "refunds_by_order" ON "refunds" USING btree ("order_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stock_holds_by_variant" ON "stock_holds" USING btree ("variant_id","expires_at");--> statement-breakpoint
CREATE INDEX "stock_movements_newest" ON "stock_movements" USING btree ("variant_id","created_at","id");--> statement-breakpoint
-- Written by hand: the stock of a variant is the sum of its movements, and the database keeps it so.
CREATE FUNCTION "open_stock_level"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "stock_levels" ("variant_id") VALUES (new."id");
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "variants_have_stock_level" AFTER INSERT ON "variants" FOR EACH ROW EXECUTE FUNCTION "open_stock_level"();
--> statement-breakpoint
CREATE FUNCTION "move_stock"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "stock_levels" SET "quantity" = "quantity" + new."quantity" WHERE "variant_id" = new."variant_id";
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "stock_movements_move_stock" AFTER INSERT ON "stock_movements" FOR EACH ROW EXECUTE FUNCTION "move_stock"();
--> statement-breakpoint
-- An account that is deleted leaves its movements without a name; nothing else about them ever changes.
CREATE FUNCTION "refuse_rewritten_stock"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF tg_op = 'UPDATE' AND new."actor_id" IS NULL
		AND (new."id", new."variant_id", new."kind", new."quantity", new."note", new."created_at")
			IS NOT DISTINCT FROM (old."id", old."variant_id", old."kind", old."quantity", old."note", old."created_at") THEN
		RETURN new;
	END IF;
	RAISE EXCEPTION 'stock movements are only ever added' USING ERRCODE = 'integrity_constraint_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER "stock_movements_stay" BEFORE UPDATE OR DELETE ON "stock_movements" FOR EACH ROW EXECUTE FUNCTION "refuse_rewritten_stock"();
