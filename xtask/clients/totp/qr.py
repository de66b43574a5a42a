"""A camera and an authenticator: a QR code, as pixels, is read by zxing-cpp and taken by PyOTP."""

import io

import pyotp
import resvg_py
import zxingcpp
from PIL import Image


def read(svg):
    """The one text in an image, and the authenticator that takes it."""
    # On a white page, and not as large as it was made.
    png = resvg_py.svg_to_bytes(svg_string=svg, width=300, background="#ffffff")
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)), formats=zxingcpp.BarcodeFormat.QRCode)
    if len(found) != 1:
        raise SystemExit(f"zxing-cpp found {len(found)} codes")
    return found[0].text, pyotp.parse_uri(found[0].text)
