"""Articles: one row for each text, whichever sources delivered it."""

from __future__ import annotations

import polars as pl

_METADATA = ("title", "publisher", "published", "language", "url")


def distinct_articles(articles: pl.DataFrame) -> pl.DataFrame:
    """One row for each `article_id`, in the order of the ids.

    The same words may come with other metadata and other spacing. The row with the most metadata stands for all; among
    equals the one with the smallest values. Offsets only fit the text of that row, so whoever extracts from articles
    that may repeat has to choose by this function too. Applying it again changes nothing.

    Args:
        articles: The fields of `tasks.records.Article` as columns.
    """
    filled = pl.sum_horizontal(pl.col(name).is_not_null() for name in _METADATA) + (pl.col("authors").list.len() > 0)
    values = ("text", *_METADATA, "source", pl.col("authors").list.join("|"))
    return articles.sort(
        "article_id", filled, *values, descending=[False, True] + [False] * len(values), nulls_last=True
    ).unique("article_id", keep="first", maintain_order=True)


def article_table(articles: pl.DataFrame, stories: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """The table `articles`.

    Args:
        articles: Distinct articles.
        stories: `article_id` and `story_id` of every article.
        events: The table `events`.
    """
    return articles.join(stories, on="article_id").with_columns(
        words=pl.col("text").str.count_matches(r"\S+"),
        relevant=pl.col("article_id").is_in(events["article_id"].unique().implode()),
    )
