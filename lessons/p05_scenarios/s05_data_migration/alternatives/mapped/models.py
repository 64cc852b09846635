"""The SQLAlchemy models: what the database should look like."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


def utc_now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True)}


class Category(Base):
    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True, index=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    products: Mapped[list["Product"]] = relationship(back_populates="category_rel")


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price > 0", name="ck_products_price_positive"),
        UniqueConstraint("name", "sku", name="uq_products_name_sku"),
        Index("ix_products_category_active", "category_id", "is_active"),
        Index("ix_products_active_only", "id", postgresql_where=text("is_active")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, index=True)
    name: Mapped[str | None]
    product_description: Mapped[str | None]
    price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    quantity: Mapped[int | None]
    discount_percent: Mapped[int] = mapped_column(default=0)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))

    category_rel: Mapped[Category | None] = relationship(back_populates="products")
