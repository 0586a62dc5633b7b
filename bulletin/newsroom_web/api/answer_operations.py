"""Routes of the operations: token, role, fields, then the operation's function in a thread."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bulletin.archive.ledgers.newsroom_api_keys import ApiKeyLedger
from bulletin.archive.ledgers.newsroom_users import SessionKind
from bulletin.newsroom.accounts.roles import Access
from bulletin.newsroom.desk import Desk
from bulletin.newsroom_web.api.openapi_document import openapi_document
from bulletin.newsroom_web.api.operation_table import Call, FileAnswer, Operation, TextAnswer
from bulletin.newsroom_web.api.problem_details import answer_invalid, answer_problem
from bulletin.newsroom_web.http.problem_json import problem
from bulletin.newsroom_web.http.read_form import Form, read_body, reading_form
from bulletin.newsroom_web.http.visit import Newsroom, client_address
from bulletin.newsroom_web.http.web_errors import BadFieldError, NotSignedInError, WebError
from bulletin.service.http.file_response import file_response

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class WrongTypeError(WebError):
    """The body has another content type."""

    status = 415


class ReusedKeyError(WebError):
    """An Idempotency-Key came again with another request."""

    status = 409


def operation_routes(operations: tuple[Operation, ...]) -> list[BaseRoute]:
    """Routes of all operations, and the OpenAPI document at /api/openapi.json."""
    document = json.dumps(openapi_document(operations), ensure_ascii=False)

    async def send_document(request: Request) -> Response:
        return Response(document, media_type="application/json", headers={"Cache-Control": "no-cache"})

    routes: list[BaseRoute] = [Route("/api/openapi.json", send_document, methods=["GET"])]
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    for path, methods in by_path.items():
        routes.append(
            Route(f"/api/{path.replace('{number}', '{number:row}')}", _answer(methods), methods=[*methods])
        )
    return routes


def _answer(methods: dict[str, Operation]) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        operation = methods.get("GET" if request.method == "HEAD" else request.method)
        if operation is None:
            return problem(405, "this operation has another method", headers={"Allow": ", ".join(methods)})
        try:
            return await _run(operation, request)
        except Exception as error:  # noqa: BLE001 - every fault of an operation gives an answer
            return answer_problem(request, error)

    answer.operations = methods  # type: ignore[attr-defined]  # for the tests of all routes
    return answer


async def _run(operation: Operation, request: Request) -> Response:
    newsroom: Newsroom = request.app.state.newsroom
    access, desk_of = await run_in_threadpool(_enter, operation, newsroom, request)
    try:
        query = operation.query.model_validate(_query(request))
    except ValidationError as error:
        return answer_invalid(error, place="query")
    call = Call(
        newsroom=newsroom,
        access=access,
        desk_of=desk_of,
        number=request.path_params.get("number", 0),
        query=query,
        key=_key(request, access),
        version=_version(request),
    )
    if operation.form:
        reading = reading_form(
            request, folder=newsroom.uploads, check=lambda _: None, limits=newsroom.limits, with_files=True
        )
        async with reading as form:
            fields = dict(form.fields) | {name: files[0].name for name, files in form.uploads.items()}
            try:
                checked = operation.form.model_validate(fields)
            except ValidationError as error:
                return answer_invalid(error, place="body")
            return await _call(operation, request, call, body=checked, form=form)
    body: BaseModel | None = None
    if operation.is_change:
        try:
            body = await _body(operation, request, newsroom)
        except ValidationError as error:
            return answer_invalid(error, place="body")
    return await _call(operation, request, call, body=body)


async def _call(
    operation: Operation,
    request: Request,
    call: Call,
    *,
    body: BaseModel | None = None,
    form: Form | None = None,
) -> Response:
    whole = Call(**{**vars(call), "body": body, "form": form or Form()})
    try:
        return await run_in_threadpool(_do, operation, request, whole)
    except Exception as error:  # noqa: BLE001 - every fault of an operation gives an answer
        return answer_problem(request, error, yours=str(getattr(body, "text", "")))


def _do(operation: Operation, request: Request, call: Call) -> Response:
    audit, station = call.newsroom.audit, request.path_params.get("station", "")
    if call.key:
        _check_key(operation, call, station)
    is_change = operation.is_change and not operation.asks_only
    last = audit.last_id() if is_change else 0
    result = operation.do(call)
    response = _response(operation, request, result)
    user = call.access.user
    if is_change and not audit.has_changed_since(last, user=user, station=station):
        audit.record_change(
            station=station,
            user=user,
            action=operation.name.replace("_", " "),
            at=call.newsroom.now(),
            address=client_address(request),
            note="API",
        )
    return response


def _check_key(operation: Operation, call: Call, station: str) -> None:
    """Raises ReusedKeyError for a key that belongs to another request."""
    body = call.body.model_dump_json() if call.body else ""
    asked = f"{operation.name} {call.number} {call.version} {body}"
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    keys = ApiKeyLedger(call.newsroom.archive)
    if not keys.is_same_request(station, call.key, fingerprint, now=call.newsroom.now()):
        raise ReusedKeyError(
            "this Idempotency-Key was used for another request; take a new key for each change"
        )


def _response(operation: Operation, request: Request, result: Any) -> Response:
    if isinstance(result, FileAnswer):
        headers = {"Content-Type": result.media_type, "Content-Disposition": "inline", **result.headers}
        return file_response(request, result.path.open("rb"), headers)
    if isinstance(result, TextAnswer):
        headers = {"Content-Disposition": f'attachment; filename="{result.name}"'}
        return Response(result.text, operation.status, headers, media_type=result.media_type)
    assert not isinstance(operation.answer, str)
    answer = operation.answer.model_validate(result, from_attributes=True)
    return Response(answer.model_dump_json(), operation.status, media_type="application/json")


def _access(newsroom: Newsroom, request: Request) -> Access:
    """The user of the API token. Raises NotSignedInError."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    access = None
    if scheme.lower() == "bearer":
        access = newsroom.sign_in.access(token.strip(), SessionKind.API)
    if access is None:
        raise NotSignedInError(
            "no valid API token was sent; `bulletin user token NAME LABEL` makes one, sent as "
            "`Authorization: Bearer TOKEN`"
        )
    return access


def _enter(operation: Operation, newsroom: Newsroom, request: Request) -> tuple[Access, Callable[[], Desk]]:
    """Who asks, and the desk. In a thread: changed profiles are read here. Raises as `_access` and `_desk_of`."""
    access = _access(newsroom, request)
    return access, _desk_of(operation, newsroom, access, request)


def _desk_of(
    operation: Operation, newsroom: Newsroom, access: Access, request: Request
) -> Callable[[], Desk]:
    """The desk of the path's station. Raises NoSuchPageError, NotAllowedError."""
    if operation.role is None:
        return _no_desk
    loaded = newsroom.station(access, request.path_params["station"], operation.role)
    return lambda: Desk(
        loaded=loaded,
        output=newsroom.output,
        archive=newsroom.archive,
        editor=access.user,
        now=newsroom.now,
        address=client_address(request),
    )


def _no_desk() -> Desk:
    raise AssertionError("this operation is of no station")


def _query(request: Request) -> dict[str, str]:
    names = [name for name, _ in request.query_params.multi_items()]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise BadFieldError(f'the query has "{min(doubled)[:60]}" twice; send it once')
    return dict(request.query_params)


async def _body(operation: Operation, request: Request, newsroom: Newsroom) -> BaseModel:
    data = await read_body(request, newsroom.limits)
    if not data and not any(field.is_required() for field in operation.body.model_fields.values()):
        return operation.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise WrongTypeError(f'the body is "{kind[:60]}"; send application/json')
    try:
        from_json(data)  # with a limit of depth
    except ValueError as error:
        raise WebError(f"the body is no JSON: {error}"[:300]) from error
    return operation.body.model_validate_json(data, strict=True)


def _key(request: Request, access: Access) -> str:
    """The Idempotency-Key, in the name of the user: two users may use the same one. Raises WebError."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return ""
    if not _KEY.fullmatch(key):
        raise WebError("the header Idempotency-Key must have 1 to 200 visible ASCII signs, such as a UUID")
    return f"api {access.user} {key}"


def _version(request: Request) -> int | None:
    """The version in If-Match: `"12"` or 12. Raises WebError."""
    text = request.headers.get("if-match")
    if text is None:
        return None
    number = text.strip().removeprefix("W/").strip('"')
    if not number.isdecimal() or not number.isascii() or len(number) > 15:
        raise WebError('the header If-Match must hold the "version" of the sentence, such as "12"')
    return int(number)
