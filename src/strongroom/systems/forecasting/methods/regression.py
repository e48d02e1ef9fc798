"""Least squares on time and the place in the season, plain or held small, with the interval that theory gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

Kind = Literal["linear", "ridge", "lasso"]


class Regression:
    """y on time and season dummies, in the shape of the forecasting library's models.

    The interval is the textbook's for a new observation: t(0.975, n - k) * s * sqrt(1 + x0' (X'X)^-1 x0); for ridge
    and lasso the same formula with their residuals is an approximation.
    """

    def __init__(self, kind: str, season_length: int) -> None:
        self.kind = kind
        self.season_length = season_length
        self.alias = f"{kind}_regression"

    def forecast(
        self,
        y: Array,
        h: int,
        X: Any = None,
        X_future: Any = None,
        level: list[int] | None = None,
        fitted: bool = False,
    ) -> dict[str, Array]:
        """The library's call: mean, and the bounds of each level."""
        import numpy as np
        from scipy import stats

        n = len(y)
        known, ahead = self._design(0, n), self._design(n, n + h)
        predict, k = self._fit(known, y)
        mean, residuals = predict(ahead), y - predict(known)
        answer = {"mean": mean}
        freedom = max(n - k, 1)
        s = float(np.sqrt(residuals @ residuals / freedom))
        inverse = np.linalg.pinv(known.T @ known)
        widths = s * np.sqrt(1 + np.einsum("ij,jk,ik->i", ahead, inverse, ahead))
        for percent in level or ():
            half = float(stats.t.ppf(0.5 + percent / 200, freedom)) * widths
            answer[f"lo-{percent}"] = mean - half
            answer[f"hi-{percent}"] = mean + half
        return answer

    def _design(self, first: int, last: int) -> Array:
        """A row a moment: 1, time, and a 1 at its place in the season, the first place left out."""
        import numpy as np

        time = np.arange(first, last, dtype="float64")
        places = [(time % self.season_length == place).astype("float64") for place in range(1, self.season_length)]
        return np.column_stack([np.ones_like(time), time, *places])

    def _fit(self, design: Array, y: Array) -> tuple[Any, int]:
        import numpy as np

        if self.kind == "linear":
            coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
            return (lambda rows: rows @ coefficients), design.shape[1]
        from sklearn.linear_model import LassoCV, RidgeCV
        from sklearn.model_selection import TimeSeriesSplit
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        chosen = (
            RidgeCV(alphas=np.logspace(-3, 3, 13))  # by generalised cross-validation: one decomposition, no refits
            if self.kind == "ridge"
            else LassoCV(cv=TimeSeriesSplit(n_splits=min(3, len(y) - 1)), max_iter=5000)
        )
        model = make_pipeline(StandardScaler(), chosen).fit(design[:, 1:], y)
        return (lambda rows: model.predict(rows[:, 1:])), design.shape[1]
