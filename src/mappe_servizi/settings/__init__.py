"""What can be configured: the table of settings, in parts, and the file that sets them."""

from mappe_servizi.settings.declaring import BUILD, CHECK
from mappe_servizi.settings.file import read_file, set_in
from mappe_servizi.settings.table import Origin, SettingRow, Settings, rows

__all__ = ["BUILD", "CHECK", "Origin", "SettingRow", "Settings", "read_file", "rows", "set_in"]
