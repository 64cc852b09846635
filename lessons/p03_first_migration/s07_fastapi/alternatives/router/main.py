"""The FastAPI application: `python -m uvicorn main:app --reload`, then open /docs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, status
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database import get_session
from models import Product

Session = Annotated[AsyncSession, Depends(get_session)]
router = APIRouter(prefix="/products", tags=["products"])


class ProductIn(BaseModel):
    name: str = Field(min_length=1)
    description: str | None = None
    price: float = Field(gt=0)
    quantity: int = Field(default=0, ge=0)
    sku: str = Field(max_length=64)
    category: str | None = None


class ProductOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str | None
    description: str | None
    price: float | None
    quantity: int | None
    sku: str
    is_active: bool
    created_at: datetime
    updated_at: datetime
    category: str | None


@router.get("", response_model=list[ProductOut])
async def list_products(session: Session) -> Sequence[Product]:
    return (await session.scalars(select(Product).order_by(Product.id))).all()


@router.post("", response_model=ProductOut, status_code=status.HTTP_201_CREATED)
async def add_product(body: ProductIn, session: Session) -> Product:
    product = Product(**body.model_dump())
    try:
        async with session.begin():
            session.add(product)
    except IntegrityError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, "There is a product with this sku.") from error
    return product


app = FastAPI(title="fastapi-learn")
app.include_router(router)
