"""Pages and files of the releases of a vocabulary."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from rdflib import URIRef

from vocab_server.editing.differences import Difference, difference
from vocab_server.editing.releases import unpacked
from vocab_server.errors import InvalidError
from vocab_server.rdf.formats import (
    DESCRIPTION_FORMATS,
    Format,
    content_type,
    find_format,
    get_format,
    negotiate,
)
from vocab_server.reading import Download, Page, page_number, view
from vocab_server.services import services
from vocab_server.skos.releases import CURRENT, Release, get_release, release_item
from vocab_server.skos.vocabularies import Vocabulary
from vocab_server.store.snapshots import number_of
from vocab_server.web.told_names import group_name
from vocab_server.web.vocabularies import summary

bp = Blueprint("releases", __name__)

ROWS = 100  # releases on a page
FOR_EVER = "public, max-age=31536000, immutable"  # a release never changes (RFC 8246)
HTML, JSON = "text/html", "application/json"
RDF = tuple(form.media_type for form in DESCRIPTION_FORMATS)


@bp.get("/vocabularies/<identifier>/releases")
def index(identifier: str) -> ResponseReturnValue:
    """The releases, newest first, as a page or as JSON."""
    vocabulary = view().vocabulary(identifier)
    found = releases_of(vocabulary)
    if wanted_form((HTML, JSON)) == JSON:
        response = jsonify(total=len(found), items=[_told(vocabulary, one) for one in found])
    else:
        response = make_response(_list_page(vocabulary, found))
    response.vary.add("Accept")
    return response


@bp.get("/vocabularies/<identifier>/releases/<name>")
def show(identifier: str, name: str) -> ResponseReturnValue:
    """A release as a page or as JSON; with the ending of a format its file.

    Who asks for RDF is led to the file.
    """
    vocabulary = view().vocabulary(identifier)
    stem, _, ending = name.rpartition(".")
    form = find_format(ending, DESCRIPTION_FORMATS) if stem else None
    if form is not None and form.extension == ending:
        g.release_shown = get_release(releases_of(vocabulary), stem)
        return _file(vocabulary, g.release_shown, form)
    release = g.release_shown = get_release(releases_of(vocabulary), name)
    media_type = wanted_form((HTML, JSON, *RDF))
    response: Any
    if media_type == JSON:
        response = jsonify(_told(vocabulary, release))
    elif media_type == HTML:
        response = make_response(_page(vocabulary, release))
    else:
        form = get_format(media_type, DESCRIPTION_FORMATS)
        response = redirect(_file_url(vocabulary, release, form), HTTPStatus.SEE_OTHER)
    response.vary.add("Accept")
    return response  # type: ignore[no-any-return]


def releases_of(vocabulary: Vocabulary) -> tuple[Release, ...]:
    """The releases of a vocabulary, newest first."""
    return view().releases.get(vocabulary.graph, ())


def releases_with(vocabulary: Vocabulary, concept: URIRef) -> list[Release]:
    """The releases that a concept is in, newest first; two look-ups, none without releases."""
    known = releases_of(vocabulary)
    numbers = [release.number for release in known]
    there = view().histories.there_at(vocabulary.graph, concept, numbers) if known else set()
    return [release for release in known if release.number in there]


def wanted_form(offers: tuple[str, ...]) -> str:
    """The media type to answer with: that of ``?format=``, else the one that is accepted."""
    chosen = request.args.get("format")
    if chosen is None:
        return negotiate(request.headers.get("Accept"), offers)
    names = {_short(offer): offer for offer in offers}
    found = find_format(chosen, DESCRIPTION_FORMATS) if chosen not in names else None
    media_type = names.get(chosen) or (found.media_type if found else "")
    if media_type not in offers:
        raise InvalidError(
            "There is no format %(chosen)r here. Use one of: %(names)s.",
            chosen=chosen,
            names=", ".join(names),
        )
    return media_type


def _short(media_type: str) -> str:
    """What ``?format=`` calls a media type."""
    return media_type.rpartition("/")[2].removeprefix("rdf-").removesuffix("+xml")


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release in the list; ``changes`` leads to what is new since the one before, if any."""

    release: Release
    href: str
    changes: str


def _list_page(vocabulary: Vocabulary, found: tuple[Release, ...]) -> str:
    number = page_number()
    start = (number - 1) * ROWS
    rows = [_row(vocabulary, found, place) for place in range(len(found))[start : start + ROWS]]
    return render_template(
        "releases/index.html",
        vocabulary=summary(vocabulary),
        page=Page(rows, number, ROWS, len(found)),
        names=[CURRENT, *(release.name for release in found)],
    )


def _row(vocabulary: Vocabulary, found: tuple[Release, ...], place: int) -> ReleaseRow:
    release = found[place]
    before = found[place + 1 : place + 2]
    changes = diff_url(vocabulary, before[0].name, release.name) if before else ""
    return ReleaseRow(release, release_url(vocabulary, release), changes)


def _page(vocabulary: Vocabulary, release: Release) -> str:
    found = releases_of(vocabulary)
    place = found.index(release)
    before = found[place + 1] if place + 1 < len(found) else None
    now = number_of(view().path)
    return render_template(
        "releases/show.html",
        vocabulary=summary(vocabulary),
        release=release,
        downloads=[
            Download(_file_url(vocabulary, release, form), form.title, form.media_type)
            for form in DESCRIPTION_FORMATS
        ],
        before=before,
        new=_difference(before.number, release) if before else None,
        new_url=diff_url(vocabulary, before.name, release.name) if before else "",
        since=_difference(now, release),
        group_name=group_name,
        since_url=diff_url(vocabulary, release.name, CURRENT),
    )


def _difference(number: int, release: Release) -> Difference:
    """What changed between a release and a change of the log, whichever came first."""
    start, end = sorted((number, release.number))
    return difference(services().log, release.graph, start, end)


def _file(vocabulary: Vocabulary, release: Release, form: Format) -> Response:
    """The file of a release, the same for ever."""
    response = Response(content_type=content_type(form.media_type))
    response.set_etag(f"{release.checksum[:32]}-{form.extension}")
    response.headers["Cache-Control"] = FOR_EVER
    name = f"{vocabulary.id}-{release.name}.{form.extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Link"] = f'<{vocabulary.graph}>; rel="latest-version"'
    if request.method == "HEAD":
        response.automatically_set_content_length = False
    else:
        response.response = unpacked(services().releases.download(release, form))
    return response


def release_url(vocabulary: Vocabulary, release: Release) -> str:
    """The page of a release."""
    return url_for("releases.show", identifier=vocabulary.id, name=release.name)


def diff_url(vocabulary: Vocabulary, start: str, end: str) -> str:
    """The page of what changed between two releases."""
    return url_for("differences.show", identifier=vocabulary.id, start=start, end=end)


def _file_url(vocabulary: Vocabulary, release: Release, form: Format) -> str:
    name = f"{release.name}.{form.extension}"
    return url_for("releases.show", identifier=vocabulary.id, name=name)


def _told(vocabulary: Vocabulary, release: Release) -> dict[str, Any]:
    base = services().settings.base
    files = {
        form.extension: f"{base}{_file_url(vocabulary, release, form)}"
        for form in DESCRIPTION_FORMATS
    }
    return {**release_item(vocabulary.id, release), "files": files}
