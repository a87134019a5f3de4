"""Addresses of this room, all below an edition."""

from django.urls import path

from talex.participants.views import (
    archive,
    availability,
    consents,
    erasing,
    keeping,
    organisations,
    own,
    same,
    sharing,
    talents,
)

app_name = "participants"
E = "e/<slug:edition>/"

urlpatterns = [
    path(f"{E}talents/", talents.talent_page_list, name="talents"),
    path(f"{E}talents/new/", talents.create, name="talent_new"),
    path(f"{E}talents/<uuid:talent>/", talents.detail, name="talent"),
    path(f"{E}talents/<uuid:talent>/edit/", talents.edit, name="talent_edit"),
    path(f"{E}talents/<uuid:talent>/verify/", talents.verify, name="talent_verify"),
    path(f"{E}talents/<uuid:talent>/withdraw/", talents.withdraw_talent, name="talent_withdraw"),
    path(f"{E}talents/<uuid:talent>/data/", talents.data, name="talent_data"),
    path(
        f"{E}talents/<uuid:talent>/evidence/<uuid:evidence>/withdraw/",
        talents.withdraw_evidence,
        name="evidence_withdraw",
    ),
    path(f"{E}people/<uuid:person>/erase/", erasing.erase, name="person_erase"),
    path(f"{E}organisations/", organisations.organisation_page_list, name="organisations"),
    path(f"{E}organisations/new/", organisations.create, name="organisation_new"),
    path(f"{E}organisations/<uuid:organisation>/", organisations.detail, name="organisation"),
    path(
        f"{E}organisations/<uuid:organisation>/edit/", organisations.edit, name="organisation_edit"
    ),
    path(
        f"{E}organisations/<uuid:organisation>/withdraw/",
        organisations.withdraw,
        name="organisation_withdraw",
    ),
    path(
        f"{E}organisations/<uuid:organisation>/delegates/new/",
        organisations.delegate_new,
        name="delegate_new",
    ),
    path(f"{E}delegates/", organisations.delegate_page_list, name="delegates"),
    path(f"{E}delegates/<uuid:delegate>/", organisations.delegate_edit, name="delegate_edit"),
    path(
        f"{E}delegates/<uuid:delegate>/withdraw/",
        organisations.delegate_withdraw,
        name="delegate_withdraw",
    ),
    path(f"{E}same-person/", same.candidate_list, name="candidates"),
    path(f"{E}same-person/<uuid:first>/<uuid:second>/", same.compare, name="compare"),
    path(f"{E}same-person/<uuid:first>/<uuid:second>/decide/", same.decide, name="decide"),
    path(f"{E}merges/<uuid:merge>/undo/", same.undo, name="merge_undo"),
    path(f"{E}me/", own.profile, name="own"),
    path(f"{E}me/edit/", own.edit, name="own_edit"),
    path(f"{E}me/times/", availability.own, name="own_times"),
    path(f"{E}talents/<uuid:talent>/times/", availability.talent, name="talent_times"),
    path(f"{E}delegates/<uuid:delegate>/times/", availability.delegate, name="delegate_times"),
    path(f"{E}me/sharing/", sharing.consents, name="own_consents"),
    path(f"{E}me/sharing/with/", sharing.choose, name="own_share_new"),
    path(f"{E}me/sharing/abroad/", sharing.abroad, name="own_abroad"),
    path(f"{E}me/sharing/with/<uuid:organisation>/", sharing.share, name="own_share"),
    path(f"{E}me/sharing/receipts/<uuid:consent>/", consents.receipt_page, name="own_receipt"),
    path(
        f"{E}me/sharing/receipts/<uuid:consent>/file/",
        consents.receipt_file,
        name="own_receipt_file",
    ),
    path(f"{E}consents/", consents.counts, name="consents"),
    path(f"{E}consents/<slug:purpose>/", consents.agreed_page, name="agreed"),
    path(
        f"{E}consents/<slug:purpose>/<uuid:organisation>/",
        consents.agreed_page,
        name="agreed_one",
    ),
    path(f"{E}me/seen/", sharing.seen, name="own_seen"),
    path(f"{E}me/withdraw/", own.withdraw, name="own_withdraw"),
    path(f"{E}me/data/", own.data, name="own_data"),
    path(f"{E}me/archive/", archive.archive, name="own_archive"),
    path(f"{E}me/keep/", keeping.keep, name="own_keep"),
    path(f"{E}me/erase/", own.erase, name="own_erase"),
]
