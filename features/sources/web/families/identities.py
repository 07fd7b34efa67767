"""Fingerprints of identity."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

IDENTITIES = (
    *marked(
        "Microsoft Entra ID",
        "Microsoft",
        Category.IDENTITY,
        Mark(
            Where.CNAME,
            "enterpriseregistration.windows.net",
            "enterpriseregistration.windows.net",
            "registration.windows.net",
        ),
        Mark(
            Where.LINK,
            "login.microsoftonline.com",
            "https://login.microsoftonline.com/acme.example/oauth2",
            "https://login.microsoftonline.example/",
        ),
        Mark(
            Where.LINK,
            "*.b2clogin.com",
            "https://acme.b2clogin.com/acme.onmicrosoft.com/oauth2",
            "https://b2clogin.example/",
        ),
    ),
    *marked(
        "Okta",
        "Okta",
        Category.IDENTITY,
        Mark(Where.LINK, "*.okta.com", "https://acme.okta.com/app/UserHome", "https://www.okta.com/"),
        Mark(Where.CNAME, "customdomains.okta.com", "acme.customdomains.okta.com", "okta.com"),
    ),
    *marked(
        "Auth0",
        "Okta",
        Category.IDENTITY,
        Mark(Where.LINK, "*.auth0.com", "https://acme.eu.auth0.com/authorize", "https://www.auth0.com/"),
        Mark(
            Where.CNAME, "edge.tenants.auth0.com", "acme-cd-1.edge.tenants.auth0.com", "tenants.auth0.example"
        ),
    ),
    *marked(
        "OneLogin",
        "One Identity",
        Category.IDENTITY,
        Mark(Where.LINK, "*.onelogin.com", "https://acme.onelogin.com/portal", "https://www.onelogin.com/"),
    ),
    *marked(
        "Ping Identity",
        "Ping Identity",
        Category.IDENTITY,
        Mark(
            Where.LINK,
            "sso.connect.pingidentity.com",
            "https://sso.connect.pingidentity.com/sso/idp",
            "https://www.pingidentity.com/",
        ),
        Mark(Where.LINK, "apps.pingone.eu", "https://apps.pingone.eu/x/myapps", "https://pingone.example/"),
    ),
    *marked(
        "JumpCloud",
        "JumpCloud",
        Category.IDENTITY,
        Mark(
            Where.LINK, "sso.jumpcloud.com", "https://sso.jumpcloud.com/saml2/acme", "https://jumpcloud.com/"
        ),
    ),
    *marked(
        "Cisco Duo",
        "Cisco",
        Category.IDENTITY,
        Mark(Where.TXT, "duo_sso_verification=", "duo_sso_verification=x", "duo_verification=x"),
        Mark(
            Where.SCRIPT,
            "*.duosecurity.com",
            "https://api-1.duosecurity.com/frame/x",
            "https://duosecurity.example/x",
        ),
    ),
    *marked(
        "Keycloak",
        "Red Hat",
        Category.IDENTITY,
        Mark(
            Where.LINK,
            "@/auth/realms",
            "https://sso.acme.example/auth/realms/acme/account",
            "https://sso.acme.example/auth/",
        ),
    ),
    *marked(
        "LastPass",
        "LastPass",
        Category.IDENTITY,
        Mark(Where.TXT, "lastpass-verification-code=", "lastpass-verification-code=x", "lastpass=x"),
    ),
    *marked(
        "1Password",
        "AgileBits",
        Category.IDENTITY,
        Mark(
            Where.TXT,
            "1password-site-verification=",
            "1password-site-verification=x",
            "password-site-verification=x",
        ),
    ),
)
