"""The database connection; the credentials come from .env, beside this file."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

from dotenv import load_dotenv
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

# override: .env wins over variables that happen to be exported in the shell.
load_dotenv(Path(__file__).resolve().parent / ".env", override=True)

DATABASE_URL = URL.create(
    "postgresql+asyncpg",
    username=os.environ["DB_USER"],
    password=os.environ["DB_PASSWORD"],
    host=os.environ["DB_HOST"],
    port=int(os.environ["DB_PORT"]),
    database=os.environ["DB_NAME"],
)

# pool_pre_ping: a connection that the server has closed is replaced, not handed to a request.
engine = create_async_engine(DATABASE_URL, pool_pre_ping=True)
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    """Give each request a session of its own, closed when the request ends."""
    async with SessionLocal() as session:
        yield session
