from django.urls import path

from talex.ledger import views

app_name = "ledger"

urlpatterns = [
    path("e/<slug:edition>/ledger/", views.entry_list, name="entries"),
    path("e/<slug:edition>/ledger/<int:number>/", views.entry, name="entry"),
    path("e/<slug:edition>/ledger/verify/", views.verify_now, name="verify"),
    path("e/<slug:edition>/ledger/head/", views.head_file, name="head"),
]
