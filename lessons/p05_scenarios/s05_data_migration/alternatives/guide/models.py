# models.py
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import relationship
from sqlalchemy.ext.declarative import declarative_base
from datetime import datetime

Base = declarative_base()

class Category(Base):
    """Product category table."""
    __tablename__ = "categories"
    
    id = Column(Integer, primary_key=True, index=True)
    name = Column(String, unique=True, nullable=False)
    description = Column(String, nullable=True)
    created_at = Column(DateTime, default=datetime.utcnow, nullable=False)
    
    # Relationship
    products = relationship("Product", back_populates="category_rel")


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price > 0", name="ck_products_price_positive"),
        UniqueConstraint("name", "sku", name="uq_products_name_sku"),
        Index("ix_products_sku", "sku"),
        Index("ix_products_category_active", "category_id", "is_active"),
        Index("ix_products_active_only", "id", postgresql_where=text("is_active = TRUE")),
    )
    
    id = Column(Integer, primary_key=True, index=True)
    name = Column(String)
    description = Column("product_description", String)
    price = Column(Numeric(10, 2))
    quantity = Column(Integer)
    discount_percent = Column(Float, default=0.0, nullable=False)
    sku = Column(String, unique=True, nullable=False)
    is_active = Column(Boolean, default=True, nullable=False)
    created_at = Column(DateTime, default=datetime.utcnow, nullable=False)
    updated_at = Column(DateTime, default=datetime.utcnow, onupdate=datetime.utcnow, nullable=False)
    
    # Foreign key
    category_id = Column(Integer, ForeignKey('categories.id'), nullable=True)
    
    # Relationship
    category_rel = relationship("Category", back_populates="products")
