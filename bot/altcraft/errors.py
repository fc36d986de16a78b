"""Why a read brought nothing, with a sentence for the person who asked."""

from bot.phrase import Phrase


class PlatformError(Exception):
    """A read that failed. `sentence` is for people, and is the exception's text too; `word` names the kind."""

    word = "failed"

    def __init__(self, sentence: Phrase) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class PlatformUnreachable(PlatformError):
    """No answer came."""

    word = "unreachable"

    def __init__(self, cause: Phrase) -> None:
        super().__init__(Phrase("The platform could not be asked: {cause}.", cause=cause))


class PlatformRefused(PlatformError):
    """The platform answered with an error."""

    word = "refused"

    def __init__(self, code: int, text: str) -> None:
        super().__init__(
            Phrase("The platform answered with error {code}: “{text}”.", code=str(code), text=text)
            if text
            else Phrase("The platform answered with error {code}.", code=str(code))
        )
        self.code = code
        self.text = text

    @property
    def says_no(self) -> bool:
        """Whether the answer to a read by id alone is that there is no such object.

        Which code that has is not documented, so the code of a wrong request counts, for nothing but the id can be
        wrong in it, and the code that means so in HTTP. What speaks of the token, its rights or the tariff says nothing
        about the object, nor does a code whose meaning is unknown.
        """
        return self.code in _NO_SUCH_OBJECT


_NO_SUCH_OBJECT = frozenset({400, 404})


class PlatformUnclear(PlatformError):
    """An answer came, and does not say what was asked."""

    word = "unclear"

    def __init__(self, cause: Phrase) -> None:
        super().__init__(Phrase("The platform's answer could not be understood: {cause}.", cause=cause))
