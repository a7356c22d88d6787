"""Which of wapiti's modules run, and why the others don't."""

# All of them work on what the product itself serves; none asks anything of the internet.
CHOSEN = (
    "backup",
    "crlf",
    "csp",
    "csrf",
    "exec",
    "file",
    "htaccess",
    "http_headers",
    "ldap",
    "methods",
    "permanentxss",
    "redirect",
    "sql",
    "timesql",
    "upload",
    "xss",
)

LEFT_OUT = {
    "brute_login_form": "guesses passwords of real accounts; the tests of sign-in count the tries",
    "buster": "guesses names from a list: every address stands in a table that the tests hold",
    "cms": "looks for other products, with a list from the internet",
    "cookieflags": "reads flags that it can't see, for the cookies are handed to it; the tests read them",
    "htp": "downloads a list of other products' files",
    "https_redirect": "the demonstration speaks HTTP on this computer alone",
    "log4shell": "waits for a call at a server of wapiti's on the internet",
    "network_device": "looks for other makers' devices",
    "nikto": "downloads a list of other products' files",
    "shellshock": "looks for a shell that runs a server's programs: there is none",
    "spring4shell": "looks for a fault of a Java library",
    "ssl": "the demonstration speaks HTTP on this computer alone",
    "ssrf": "waits for a call at a server of wapiti's on the internet; the product fetches no address",
    "takeover": "asks the internet's name servers",
    "wapp": "downloads a list of other products",
    "wp_enum": "looks for another product",
    "xxe": "waits for a call at a server of wapiti's on the internet; the product reads no XML",
}
