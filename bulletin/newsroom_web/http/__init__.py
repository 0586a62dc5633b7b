"""
The newsroom's web shell: routes with roles, sign-in, forms, uploads, security headers, templates, events.

How to write a page:

    # newsroom_web/pages/names.py; add its ROUTES to pages/__init__.py
    def show(visit: Visit) -> Response:
        return page(visit, "names.html", names=unknown_names(visit.desk))

    def save(visit: Visit) -> Response:
        save_respelling(visit.desk, name=visit.form.text("name"), respelling=visit.form.text("respelling"))
        return redirect(visit, "names", said="Respelling saved.")

    ROUTES = [
        station_page("names", show),                              # GET  /{station}/names, a viewer may
        station_form("names/save", save),                         # POST /{station}/names/save, an editor may
        station_form("station/profile", put, role=Role.ADMIN),    # POST, an admin may
    ]

- `show` and `save` are plain functions; they run in a thread. `visit.station` is the LoadedProfile, `visit.desk`
  the Desk of the actions, `visit.access.user` the user, `visit.form.text(name, default)`, `.number(name)`,
  `.texts(name)`, `.upload(name)` the form. A missing field is a clear answer to the user, as is every
  BulletinError that an action raises: on the page's status line for htmx, else on a page of its own.
- A form needs `{{ csrf_field() }}` as its FIRST field. htmx sends the header by itself, from layout.html.
- Templates extend layout.html (blocks: title, head, main, scripts); everything is escaped. `asset("x.js")` is the
  address of a file of assets/, `at("names/save")` that of a page of the station. No style attribute, no inline
  script, no on… attribute, no hx-on: the Content-Security-Policy refuses them.
- For htmx: `if visit.is_htmx: return page(visit, "names_list.html", ...)`, a template without the layout. A text
  of `visit.say("...")` goes to the status line, which screen readers speak, and into the audit.
- Events: `document.body` gets DOM events "bulletin:edits", "bulletin:requests", "bulletin:coming",
  "bulletin:slots", "bulletin:making" when something changed, so `hx-get="..." hx-trigger="bulletin:edits from:body"` is live.
- Sound: `private_file(visit, path, "audio/mpeg")`, with ranges. Never serve an upload as it came.
"""
