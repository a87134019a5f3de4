"""Addresses of figures, snapshots and bulletins, below an edition's."""

from django.urls import path

from talex.bulletin.views import bulletins, figures, records, snapshots

app_name = "bulletin"

urlpatterns = [
    path("figures/", figures.figures, name="figures"),
    path("figures/definitions/", figures.definitions, name="definitions"),
    path("figures/of/<slug:figure>/", records.records, name="records"),
    path("figures/records/<uuid:pk>/", records.record, name="record"),
    path("figures/snapshots/", snapshots.snapshots, name="snapshots"),
    path("figures/snapshots/new/", snapshots.freeze, name="freeze"),
    path("figures/snapshots/compare/", snapshots.compare, name="compare"),
    path("figures/snapshots/<int:number>/", snapshots.snapshot, name="snapshot"),
    path("figures/snapshots/<int:number>/release/", snapshots.release, name="release"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/<int:number>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:number>/withdraw/", bulletins.withdraw, name="withdraw"),
    path("bulletins/<int:number>/<slug:language>/", bulletins.bulletin, name="bulletin_in"),
]
