"""The model as MLflow's pyfunc loads it, elsewhere too: names and texts in, probability and score out."""

from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext
from scipy.special import expit

from models.model import PropensityModel, load
from models.scale import points


class Scorer(PythonModel):
    """A propensity model behind MLflow's interface."""

    model: PropensityModel

    def load_context(self, context: PythonModelContext) -> None:
        """Read the model's folder."""
        self.model = load(Path(context.artifacts["model"]))

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, object] | None = None
    ) -> pd.DataFrame:
        """Score rows: one row is a customer, one column a feature; text features are their plain texts.

        Returns:
            probability of a purchase within the horizon, and the fit, intent and purchase scores (0-100).
        """
        del context, params
        told = self.model.log_odds(self._values(model_input))
        anchors = self.model.anchors
        return pd.DataFrame(
            {
                "probability": expit(told.purchase),
                "score": points(told.purchase, anchors.purchase),
                "fit_score": points(told.fit, anchors.fit),
                "intent_score": points(told.intent, anchors.intent),
            }
        )

    def _values(self, rows: pd.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        values = np.full((len(rows), len(self.model.names)), np.nan, dtype=np.float32)
        for place, name in enumerate(self.model.names):
            column = rows[name]
            if name in self.model.levels:
                levels = self.model.levels[name]
                codes = pd.Index(levels).get_indexer(pd.Index(column)).astype(np.float32)
                strange = np.where(column.isna(), np.nan, np.float32(len(levels)))
                values[:, place] = np.where(codes >= 0, codes, strange)
            else:
                values[:, place] = column.to_numpy(dtype=np.float32, na_value=np.nan)
        return values


mlflow.models.set_model(Scorer())
