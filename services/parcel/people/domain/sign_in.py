"""Why somebody is not let in."""

from shared.errors import Unauthenticated


class SignInRefused(Unauthenticated):
    """Name, passphrase or code is wrong, or this person may no longer sign in."""

    slug = "sign-in-refused"


class CodeNeeded(Unauthenticated):
    """This person signs in with a code as well; send it as `code`."""

    slug = "code-needed"
