# ruff: noqa: E501  (texts of another package, as they are there)
"""Texts of allauth and of Django that this house says in other words.

allauth's German addresses people as "du" here and "Sie" there; a conference of strangers says
"Sie". Its Chinese leaves words in English (Email, token, passkey) and has several names for one
thing. A catalogue of an app that stands earlier wins, so the same texts are translated again in
this room's catalogues. They are named here so that the extraction finds them.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

TEXTS = (
    _(
        "An account already exists with this email address. Please sign in to that account first, then connect your %s account."
    ),
    _("Your account has no password set up."),
    _("Your account has no verified email address."),
    _("You cannot remove your primary email address."),
    _("Please type your current password."),
    _("You cannot add more than %d email addresses."),
    _("Your primary email address must be verified."),
    _("Username can not be used. Please use other username."),
    _("Please select only one."),
    _("Be patient, you are sending too many requests."),
    _("You must type the same password each time."),
    _("You must type the same email each time."),
    _("Do you really want to remove the selected email address?"),
    _(
        "You are receiving this email because you or someone else tried to signup for an\naccount using email address:\n\n%(email)s\n\nHowever, an account using that email address already exists.  In case you have\nforgotten about this, please use the password forgotten procedure to recover\nyour account:\n\n%(password_reset_url)s"
    ),
    _("Thank you for using %(site_name)s!\n%(site_domain)s"),
    _("Please Confirm Your Email Address"),
    _("Your password has been changed."),
    _(
        "You're receiving this email because you or someone else has requested a password reset for your user account.\nIt can be safely ignored if you did not request a password reset. Click the link below to reset your password."
    ),
    _("In case you forgot, your username is %(username)s."),
    _("Your email address is still pending verification."),
    _(
        'Please confirm that <a href="mailto:%(email)s">%(email)s</a> is an email address for user %(user_display)s.'
    ),
    _(
        'This email confirmation link expired or is invalid. Please <a href="%(email_url)s">issue a new email confirmation request</a>.'
    ),
    _("If you have not created an account yet, then please %(link)ssign up%(end_link)s first."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("You have confirmed %(email)s."),
    _("You have signed out."),
    _(
        "Forgotten your password? Enter your email address below, and we'll send you an email allowing you to reset it."
    ),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. Otherwise contact us if you do not receive it in a few minutes."
    ),
    _(
        'The password reset link was invalid, possibly because it has already been used.  Please request a <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("Your password is now changed."),
    _("Your phone number is still pending verification."),
    _("Already have an account? Then please %(link)ssign in%(end_link)s."),
    _("You are already logged in as %(user_display)s."),
    _(
        "You currently do not have any email address set up. You should really add an email address so you can receive notifications, reset your password, etc."
    ),
    _("Verify Your Email Address"),
    _(
        "We have sent an email to you for verification. Follow the link provided to finalize the signup process. If you do not see the verification email in your main inbox, check your spam folder. Please contact us if you do not receive the verification email within a few minutes."
    ),
    _(
        "This part of the site requires us to verify that\nyou are who you claim to be. For this purpose, we require that you\nverify ownership of your email address. "
    ),
    _(
        "We have sent an email to you for\nverification. Please click on the link inside that email. If you do not see the verification email in your main inbox, check your spam folder. Otherwise\ncontact us if you do not receive it within a few minutes."
    ),
    _(
        '<strong>Note:</strong> you can still <a href="%(email_url)s">change your email address</a>.'
    ),
    _("You are about to generate a new set of recovery codes for your account."),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Invalid or expired key."),
    _("The password reset token was invalid."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Use authenticator app or code"),
    _("Use your password"),
    _("Use a security key"),
    _("Too many failed login attempts. Try again later."),
    _("The new value must be different from the current one."),
    _("Code"),
    _("Authenticator code"),
    _("TOTP Authenticator"),
    _("Key nr. {number}"),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("Recovery codes"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional requirements such as biometrics or PIN protection."
    ),
    _("Passwordless"),
    _("Account Inactive"),
    _("This account is inactive."),
    _("This account is currently inactive."),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Alternative options"),
    _("Sign In"),
    _("Email Addresses"),
    _("The following email addresses are associated with your account:"),
    _("Primary"),
    _("Make Primary"),
    _("Re-send Verification"),
    _("Remove"),
    _("Add Email Address"),
    _("Add Email"),
    _("Hello from %(site_name)s!"),
    _("Email Changed"),
    _("Your email has been changed from %(from_email)s to %(to_email)s."),
    _("Your email has been confirmed."),
    _("Email Confirmation"),
    _("Email address %(deleted_email)s has been removed from your account."),
    _("Email Removed"),
    _(
        "If you do not recognize this change then please take proper security precautions immediately. The change to your account originates from:\n\n- IP address: %(ip)s\n- Browser: %(user_agent)s\n- Date: %(timestamp)s"
    ),
    _("Current email"),
    _("Change Email"),
    _("Confirm Email Address"),
    _("Sign in with a passkey"),
    _("Are you sure you want to sign out?"),
    _("Sign Out"),
    _("Removed email address %(email)s."),
    _("Primary email address set."),
    _("Bad Token"),
    _("Enter your password:"),
    _("Two-Factor Authentication"),
    _(
        "Your account is protected by two-factor authentication. Please enter an authenticator code:"
    ),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("A new set of recovery codes has been generated."),
    _("New Recovery Codes Generated"),
    _("Security Key Added"),
    _("Security Key Removed"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Activate"),
    _("Deactivate"),
    _("Generate"),
    _("Recovery Codes"),
    _("This action will invalidate your existing codes."),
    _("Enter an authenticator code:"),
    _("Activate Authenticator App"),
    _(
        "To protect your account with two-factor authentication, scan the QR code below with your authenticator app. Then, input the verification code generated by the app below."
    ),
    _("Authenticator secret"),
    _("You can store this secret and use it to reinstall your authenticator app at a later time."),
    _("Passkey"),
    _("This key does not indicate whether it is a passkey."),
    _("Added on %(created_at)s"),
    _("Email"),
    _("Email Address"),
    _("Are you sure?"),
    _("Sign up using a passkey"),
    _("Passkey Sign Up"),
    _("Create Passkey"),
    _(
        "You are about to create a passkey for your account. As you can add additional keys later on, you can use a descriptive name to tell the keys apart."
    ),
    _("Username or email"),
    _("Please contact us if you have any trouble resetting your password."),
)

# Django's own rules for passwords, beside allauth's fields.
RULES = (
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
    _("Your old password was entered incorrectly. Please enter it again."),
    # The rule with a number in it has two forms.
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    ),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Enter a number."),
    _("Enter a whole number."),
    _("Enter a valid email address."),
    _("Enter a valid URL."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Enter a valid value."),
)
