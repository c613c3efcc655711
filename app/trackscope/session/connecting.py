"""How an SDK is pointed at a collector: the lines of configuration for each, as data."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from trackscope.wire import json_text
from trackscope.wire.encoding import to_base64
from trackscope.wire.request import form_encode

TOKEN = "YOUR_TOKEN"
"""What stands in the lines for the project's token; the collector takes any."""


class _Lines(Template):
    """Lines of code in which `@address`, `@host`, `@port`, `@token` and `@data` are replaced."""

    delimiter = "@"


@dataclass(frozen=True, slots=True)
class Sdk:
    """One way to send: its id, its name, the lines, and what has to be known besides."""

    id: str
    label: str
    lines: str
    hint: str = ""

    def code(self, address: str, token: str = TOKEN) -> str:
        """The lines for the collector at `address`, such as `http://127.0.0.1:8700`.

        >>> sdk_of("node").code("http://127.0.0.1:8700", "e3bc41")
        "const mixpanel = Mixpanel.init('e3bc41', {host: '127.0.0.1:8700', protocol: 'http'});"
        """
        host = address.partition("://")[2].rstrip("/")
        values = {
            "address": address.rstrip("/"),
            "host": host,
            "port": host.rpartition(":")[2],
            "token": token,
            "data": _data(token),
        }
        return _Lines(self.lines).substitute(values)

    def advice(self, address: str) -> str:
        """What has to be known besides the lines; empty where that is nothing."""
        port = address.rstrip("/").rpartition(":")[2]
        return _Lines(self.hint).substitute(port=port)


def _data(token: str) -> str:
    """An event as the `data` parameter carries it, escaped for a URL."""
    event = {"event": "hello", "properties": {"token": token, "distinct_id": "me"}}
    return form_encode(to_base64(json_text.dumps(event)))


SDKS = (
    Sdk(
        "snippet",
        "JavaScript, the snippet in a page",
        "mixpanel.init('@token', {api_host: '@address'});",
        "In the place of the line that calls mixpanel.init behind the snippet.",
    ),
    Sdk(
        "mixpanel-browser",
        "JavaScript, mixpanel-browser from npm",
        "import mixpanel from 'mixpanel-browser';\n"
        "mixpanel.init('@token', {api_host: '@address'});",
        "Events wait up to 5 seconds for their batch; batch_requests: false sends each at once.",
    ),
    Sdk(
        "python",
        "Python",
        "from mixpanel import Consumer, Mixpanel\n"
        'mp = Mixpanel("@token", consumer=Consumer(\n'
        '    events_url="@address/track", people_url="@address/engage",\n'
        '    groups_url="@address/groups", import_url="@address/import"))',
        "api_host would not do: the package puts https:// before it.",
    ),
    Sdk(
        "node",
        "Node.js",
        "const mixpanel = Mixpanel.init('@token', {host: '@host', protocol: 'http'});",
        "With const Mixpanel = require('mixpanel'); before it.",
    ),
    Sdk(
        "php",
        "PHP",
        '$mp = Mixpanel::getInstance("@token", ["host" => "@host", "use_ssl" => false]);',
        "With the consumer curl, which is the default; the one named socket cannot take a port.",
    ),
    Sdk(
        "ruby",
        "Ruby",
        "Mixpanel.config_http { |http| http.use_ssl = false }\n"
        "consumer = Mixpanel::Consumer.new(\n"
        '    "@address/track", "@address/engage", "@address/import")\n'
        'tracker = Mixpanel::Tracker.new("@token") { |type, msg| consumer.send!(type, msg) }',
        "The first line is needed: the gem speaks TLS whatever the address says.",
    ),
    Sdk(
        "java",
        "Java",
        "MixpanelAPI mixpanel = new MixpanelAPI(\n"
        '    "@address/track", "@address/engage", "@address/groups");',
    ),
    Sdk(
        "go",
        "Go",
        'mp := mixpanel.NewApiClient("@token", mixpanel.ProxyApiLocation("@address"))',
    ),
    Sdk(
        "swift",
        "Swift (iOS, macOS)",
        'Mixpanel.initialize(token: "@token", trackAutomaticEvents: false, serverURL: "@address")',
        "In the simulator. Info.plist has to allow it: NSAppTransportSecurity, "
        "NSAllowsLocalNetworking, YES. A device does not reach this computer's loopback.",
    ),
    Sdk(
        "android",
        "Android",
        'MixpanelAPI mixpanel = MixpanelAPI.getInstance(this, "@token", false);\n'
        'mixpanel.setServerURL("@address");',
        "After adb reverse tcp:@port tcp:@port, for emulator and device. The debug build has to "
        "allow cleartext traffic to 127.0.0.1.",
    ),
    Sdk(
        "react-native",
        "React Native",
        'const mixpanel = new Mixpanel("@token", false);\n'
        'await mixpanel.init(false, {}, "@address");',
        "On Android after adb reverse tcp:@port tcp:@port; on iOS in the simulator.",
    ),
    Sdk("curl", "curl", 'curl "@address/track/?data=@data"', "Prints 1."),
)
"""Every SDK that is offered, in the order of the picker; checked against their sources."""


def sdk_of(id_: str) -> Sdk:
    """The SDK of an id; the first of all for an id that there is none of."""
    return next((sdk for sdk in SDKS if sdk.id == id_), SDKS[0])
