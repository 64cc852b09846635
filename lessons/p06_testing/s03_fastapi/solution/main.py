"""The FastAPI application: `python -m uvicorn main:app --reload`, then open /docs."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database import get_session
from models import Product

app = FastAPI(title="fastapi-learn")


class ProductCreate(BaseModel):
    name: str
    product_description: str
    price: Decimal = Field(gt=0, max_digits=10, decimal_places=2)
    quantity: int
    sku: str
    category_id: int | None = None


class ProductResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str | None
    product_description: str | None
    price: float | None
    quantity: int | None
    discount_percent: int
    sku: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    category_id: int | None


@app.get("/")
async def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/products", response_model=list[ProductResponse])
async def list_products(
    session: Annotated[AsyncSession, Depends(get_session)],
) -> Sequence[Product]:
    result = await session.scalars(select(Product).order_by(Product.id))
    return result.all()


@app.post("/products", response_model=ProductResponse)
async def create_product(
    product: ProductCreate,
    session: Annotated[AsyncSession, Depends(get_session)],
) -> Product:
    db_product = Product(**product.model_dump())
    session.add(db_product)
    try:
        await session.commit()
    except IntegrityError as error:
        raise HTTPException(409, "sku taken, or no such category") from error
    await session.refresh(db_product)
    return db_product
