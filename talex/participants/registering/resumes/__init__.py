"""What a CV, a JSON Resume or an ORCID record says, field by field, and in which words.

Deterministic and without Django: text in, `Found` out. `understand` reads the lines of a CV,
`json_resume` and `orcid` read their formats, `extract` gets the lines out of a file in a process
of its own.
"""

from talex.participants.registering.resumes.found import Found
from talex.participants.registering.resumes.json_resume import read_json_resume
from talex.participants.registering.resumes.orcid import read_orcid_json, read_orcid_xml
from talex.participants.registering.resumes.understand import understand

__all__ = ["Found", "read_json_resume", "read_orcid_json", "read_orcid_xml", "understand"]
