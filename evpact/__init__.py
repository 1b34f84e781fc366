"""Who partners with whom in the electric-vehicle industry: reading releases of the dataset.

`evpact.open_release("latest").table("partnerships")` is a Polars LazyFrame; `evpact.query("select …")` asks with SQL.
"""

from evpact.release import Release, ReleaseInfo, open_release, query, releases

__all__ = ["Release", "ReleaseInfo", "open_release", "query", "releases"]
